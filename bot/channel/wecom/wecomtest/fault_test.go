package wecomtest_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"rongjun/bot/channel/wecom/wecomtest"
)

const send = "/cgi-bin/kf/send_msg"

func TestAFaultAnswersAsPlantedAndIsUsedUp(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	srv.Fault(send, wecomtest.Fault{Code: 45009, Times: 2})
	srv.Fault(send, wecomtest.Fault{Status: http.StatusBadGateway, Skip: 1, Times: 1})
	assert.Equal(t, 45009, c.text("wmLi", "a", "在的").code())
	assert.Equal(t, 45009, c.text("wmLi", "a", "在的").code())
	assert.Zero(t, c.text("wmLi", "a", "在的").code())
	assert.Equal(t, http.StatusBadGateway, c.text("wmLi", "b", "在的")["status"])
	assert.Zero(t, c.text("wmLi", "b", "在的").code())
	assert.Len(t, li.Received(), 2)
	srv.Fault(send, wecomtest.Fault{Code: -1})
	assert.Equal(t, -1, c.text("wmLi", "c", "在的").code())
	srv.ClearFaults()
	assert.Zero(t, c.text("wmLi", "c", "在的").code())
}

func TestADroppedConnectionHasOrHasNotTakenEffect(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	message := map[string]any{
		"touser": "wmLi", "open_kfid": kf, "msgid": "a", "msgtype": "text",
		"text": map[string]any{"content": "在的"},
	}
	srv.Fault(send, wecomtest.Fault{Drop: wecomtest.DropBefore, Times: 1})
	_, err := c.try(send, message)
	assert.Error(t, err)
	assert.Empty(t, li.Received())
	srv.Fault(send, wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	_, err = c.try(send, message)
	assert.Error(t, err)
	assert.Len(t, li.Received(), 1)
	assert.Equal(t, 95032, c.post(send, message).code())
	assert.Len(t, srv.SendsBegun(), 3)
}

func TestAFaultHitsOnlyWhatItMatches(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	srv.Customer("wmLi").Say(kf, "在吗")
	srv.Customer("wmWang").Say(kf, "在吗")
	srv.Fault(send, wecomtest.Fault{Code: 95018, Match: func(body []byte) bool {
		return bytes.Contains(body, []byte("wmWang"))
	}})
	assert.Zero(t, c.text("wmLi", "a", "在的").code())
	assert.Equal(t, 95018, c.text("wmWang", "b", "在的").code())
}

func TestAHangingCallEndsWithItsCallerOrTheServer(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	srv.Fault(send, wecomtest.Fault{Delay: time.Hour})
	c.http.Timeout = 20 * time.Millisecond
	_, err := c.try(send, map[string]any{})
	assert.ErrorContains(t, err, "Timeout")
	c.http.Timeout = 0
	begun := make(chan struct{})
	srv.OnSend(func(wecomtest.SendCall) { close(begun) })
	failed := make(chan error)
	go func() {
		_, err := c.try(send, map[string]any{})
		failed <- err
	}()
	<-begun
	srv.Close()
	assert.Error(t, <-failed)
}
