package wecom

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"github.com/silenceper/wechat/v2/util"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// Inspector reads how a corp is set up, for the operator who wants to know what is missing. It changes
// nothing; a refusal is a *platform.Error with the platform's code.
type Inspector struct{ c *Channel }

// Inspect returns an inspector with the channel's access.
func (c *Channel) Inspect() Inspector { return Inspector{c} }

// Token asks for an access token, which shows that corp id and secret are right [D91039].
func (i Inspector) Token(ctx context.Context) error {
	_, _, err := i.c.fetchToken(ctx, i.c.client)
	return err
}

// App is the name of the app that the settings name [D90227].
func (i Inspector) App(ctx context.Context) (name string, err error) {
	var out struct {
		Name string `json:"name"`
	}
	query := url.Values{"agentid": {strconv.Itoa(i.c.o.AgentID)}}
	err = i.read(ctx, "/cgi-bin/agent/get", query, &out)
	return out.Name, err
}

// InspectedAccount is a kf account as kf/account/list shows it.
type InspectedAccount struct {
	ID   string `json:"open_kfid"`
	Name string `json:"name"`
	// Managed is nil where the platform does not say whether the API may act for the account.
	Managed *bool `json:"manage_privilege"`
}

// Accounts are the corp's kf accounts, at most a hundred.
func (i Inspector) Accounts(ctx context.Context) ([]InspectedAccount, error) {
	var out struct {
		List []InspectedAccount `json:"account_list"`
	}
	in := map[string]int{"offset": 0, "limit": accountsLimit}
	err := i.c.client.Post(ctx, accountsPath, in, &out)
	return out.List, err
}

// InspectedReceptionist is a seat at an account [D94646].
type InspectedReceptionist struct {
	User string `json:"userid"`
	// Status is 0 while receiving.
	Status int `json:"status"`
}

// Receptionists are the seats of an account that are given to members one by one.
func (i Inspector) Receptionists(ctx context.Context, account string) ([]InspectedReceptionist, error) {
	var out struct {
		List []InspectedReceptionist `json:"servicer_list"`
	}
	err := i.read(ctx, "/cgi-bin/kf/servicer/list", url.Values{"open_kfid": {account}}, &out)
	var seats []InspectedReceptionist
	for _, seat := range out.List {
		if seat.User != "" { // the others are whole departments
			seats = append(seats, seat)
		}
	}
	return seats, err
}

// The codes with which user/get says that the app may not see a member.
const (
	codeUnseenMember  = 60011
	codeUnknownMember = 60111
)

// Member reports whether the app may see a member, and whether they have activated WeCom [D90196].
func (i Inspector) Member(ctx context.Context, user string) (visible, active bool, err error) {
	var out struct {
		Status int `json:"status"`
	}
	err = i.read(ctx, "/cgi-bin/user/get", url.Values{"userid": {user}}, &out)
	if e := platform.Refused(err); e != nil && (e.Code == codeUnseenMember || e.Code == codeUnknownMember) {
		return false, false, nil
	}
	return err == nil, out.Status == 1, err
}

// MayPull asks for one message of an account from its oldest on, which moves nothing.
func (i Inspector) MayPull(ctx context.Context, account string) error {
	var out syncAnswer
	return i.c.client.Post(ctx, syncPath, syncRequest{Limit: 1, OpenKfID: account}, &out)
}

// Session is the service state of a customer at an account [D94669].
func (i Inspector) Session(ctx context.Context, account, customer string) (state int, err error) {
	var out struct {
		State int `json:"service_state"`
	}
	in := map[string]string{"open_kfid": account, "external_userid": customer}
	err = i.c.client.Post(ctx, "/cgi-bin/kf/service_state/get", in, &out)
	return out.State, err
}

func (i Inspector) read(ctx context.Context, path string, query url.Values, out any) error {
	return i.c.client.Do(ctx, platform.Call{Path: path, Query: query}, out)
}

// Echo is the query of the platform's check of the callback address, made by ourselves: what the
// address must answer with is plain.
func (i Inspector) Echo(plain string) (url.Values, error) {
	encrypted, query, err := i.seal([]byte(plain))
	if err == nil {
		query.Set("echostr", encrypted)
	}
	return query, err
}

// probeEvent is an event that the platform does not have, so that nothing follows from it.
const probeEvent = "rongjun_doctor"

// Probe is a callback with an event from which nothing follows, as query and body.
func (i Inspector) Probe() (url.Values, []byte, error) {
	plain := fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event></xml>",
		i.c.o.CorpID, i.c.o.Now().Unix(), probeEvent)
	encrypted, query, err := i.seal([]byte(plain))
	body := "<xml><ToUserName><![CDATA[" + i.c.o.CorpID + "]]></ToUserName><Encrypt><![CDATA[" +
		encrypted + "]]></Encrypt></xml>"
	return query, []byte(body), err
}

func (i Inspector) seal(plain []byte) (encrypted string, query url.Values, err error) {
	random := make([]byte, 16)
	if _, err := io.ReadFull(i.c.o.Rand, random); err != nil {
		return "", nil, fmt.Errorf("read random bytes: %w", err)
	}
	data, err := util.EncryptMsg(random, plain, i.c.o.CorpID, i.c.o.AESKey)
	if err != nil {
		return "", nil, fmt.Errorf("encrypt a callback: %w", bot.ErrInvalid)
	}
	timestamp, nonce := strconv.FormatInt(i.c.o.Now().Unix(), 10), strconv.Itoa(int(random[0]))
	return string(data), url.Values{
		"timestamp": {timestamp}, "nonce": {nonce},
		"msg_signature": {util.Signature(i.c.o.Token, timestamp, nonce, string(data))},
	}, nil
}
