package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheDoctorFindsNothingWhereAllIsWellAndSendsOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	p := newPatient(t, examinable(t))
	li := p.srv.Customer("li")
	report := p.examined()
	assert.Zero(t, report.count(faultFound), report.text())
	assert.Equal(t, 1, report.count(worthALook), report.text()) // the address on this machine
	assert.Empty(t, p.srv.SendsBegun(), "nothing was sent")
	for _, c := range report.Checks {
		assert.NotEmpty(t, c.Title)
		assert.NotEmpty(t, c.Looks, c.Name)
	}

	p.srv.SetCallback("")
	li.Say(testAccount, "在吗")
	p.ask.SendTo = "li"
	report = p.examined()
	assert.Zero(t, report.count(faultFound), report.text())
	require.Len(t, li.Received(), 1)
	assert.Equal(t, probeText, li.Received()[0].Text)
	for _, secret := range []string{p.srv.Config().Secret, p.srv.Config().Token, p.srv.Config().AESKey} {
		assert.NotContains(t, report.text(), secret)
	}
}

func TestTheDoctorsExitCodeAndJSONAreForScripts(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	d := o.runs("doctor", "--json")
	assert.Equal(t, exitFault, d.code, "the program does not run")
	var report checkup
	require.NoError(t, json.Unmarshal([]byte(d.out), &report))
	assert.Equal(t, 1, report.count(faultFound))
	assert.Contains(t, oneSentence(t, d.err), "1 项要先解决")
	assert.NoDirExists(t, o.data(), "nothing was begun")

	s := newOperator(t)
	serving := s.serves(t)
	s.settings["RONGJUN_LISTEN"] = strings.TrimPrefix(serving.url, "http://")
	text := s.succeeds("doctor")
	assert.Contains(t, text, "没有接入企业微信")
	assert.Equal(t, exitUsage, s.runs("doctor", "--loud").code)
}
