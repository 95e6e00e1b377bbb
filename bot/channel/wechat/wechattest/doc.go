// Package wechattest is a stand-in for the platform of WeChat official accounts (公众号), as
// net/http/httptest is one for HTTP: a server with stable access tokens, the customer-service API
// with its windows, and callbacks with their three tries, for tests.
//
// It is written against the documented protocol and imports nothing of this module but what the
// stand-ins share, so that a misreading in our client is not repeated here. Where the documentation
// leaves something open the choice is a field of [Config] or said in a comment.
//
// A test makes a server, starts it, points its program at [Server.URL] and the server at the
// program's callback, and then acts as the people who follow the account:
//
//	srv := wechattest.New(wechattest.Config{})
//	srv.Start()
//	defer srv.Close()
//	srv.SetCallback(program.URL + "/callback/wechat")
//	li := srv.Follower("li")
//	li.Say("优待证怎么办？")
//	got, err := li.Wait(ctx, 1)
//
// Faults ([Server.Fault], [Server.SetDelivery]) make the platform fail in the ways it does fail.
package wechattest
