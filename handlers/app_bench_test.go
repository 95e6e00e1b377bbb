package handlers_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/platform/platformtest"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/store"
	"rongjun/handlers"
)

// BenchmarkAppMessage measures callbacks with a member's message accepted per second, and the slowest
// in a hundred, against a bare Echo handler that checks and decrypts the same bodies and inserts one
// row with the same durability, in one run and in turns. x/bare is to be 0.6 at least.
func BenchmarkAppMessage(b *testing.B) {
	for _, clients := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("SQLite/clients=%d", clients), func(b *testing.B) {
			dir := b.TempDir()
			compareCallbacks(b, clients, store.Options{Dir: dir}, bareSQLite(b, dir), "?, ?, ?, ?")
		})
		b.Run(fmt.Sprintf("PostgreSQL/clients=%d", clients), func(b *testing.B) {
			address := postgresSchema(b)
			db, err := sql.Open("pgx", address)
			require.NoError(b, err)
			db.SetMaxIdleConns(16)
			compareCallbacks(b, clients, store.Options{URL: address}, db, "$1, $2, $3, $4")
		})
	}
}

func compareCallbacks(
	b *testing.B, clients int, o store.Options, db *sql.DB, marks string,
) {
	cfg := wecomtest.New(wecomtest.Config{}).Config()
	agent, err := strconv.Atoi(cfg.AgentID)
	require.NoError(b, err)
	channel, err := wecom.New(wecom.Options{
		CorpID: cfg.CorpID, AgentID: agent, Secret: cfg.Secret, Token: cfg.Token, AESKey: cfg.AESKey,
		Now: time.Now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(b, err)
	ours := acceptingServer(b, o, map[string]handlers.Callback{wecom.Name: channel})
	bare := bareDecryptor(b, cfg, bareInsert(b, db, marks))
	b.Cleanup(func() { require.NoError(b, db.Close()) })

	senders := map[string]*wecomtest.Server{}
	for _, address := range []string{ours, bare} {
		senders[address] = wecomtest.New(wecomtest.Config{Callback: address + "/callback/wecom"})
	}
	request := func(ctx context.Context, server string, n int64) (*http.Request, error) {
		from := senders[server]
		return from.CallbackRequest(ctx, from.AppXML(fmt.Sprint("member", n%benchContacts), "text",
			"Content", "三等功的退役金多发多少？要带什么材料？", "MsgId", strconv.FormatInt(n, 10)))
	}
	comparePosts(b, clients, request, ours, bare)
}

// bareDecryptor opens the same callbacks and does nothing but insert a row for each.
func bareDecryptor(b *testing.B, cfg wecomtest.Config, insert *sql.Stmt) string {
	crypt, err := platformtest.NewCrypt(cfg.AESKey)
	require.NoError(b, err)
	e := echo.New()
	e.POST("/callback/wecom", func(c echo.Context) error {
		var sealed struct{ Encrypt string }
		body, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return err
		}
		if err := xml.Unmarshal(body, &sealed); err != nil {
			return err
		}
		q := c.QueryParams()
		sign := platformtest.Sign(cfg.Token, q.Get("timestamp"), q.Get("nonce"), sealed.Encrypt)
		plain, corp, err := crypt.Decrypt(sealed.Encrypt)
		if err != nil || corp != cfg.CorpID || !strings.EqualFold(sign, q.Get("msg_signature")) {
			return errors.Join(err, echo.ErrForbidden)
		}
		var said struct{ FromUserName, MsgId, Content string }
		if err := xml.Unmarshal(plain, &said); err != nil {
			return err
		}
		_, err = insert.ExecContext(c.Request().Context(),
			said.MsgId, said.FromUserName, said.Content, time.Now().UnixMicro())
		if err != nil {
			return err
		}
		return c.NoContent(http.StatusOK)
	})
	return listen(b, e)
}
