// Package wecomtest is a stand-in for the WeCom platform, as net/http/httptest is one for
// HTTP: a server with access tokens, customer-service accounts (微信客服), messages, encrypted
// callbacks and the rules that bound them, for tests and for the simulator.
//
// It is written against the documented protocol and imports nothing of this module but what the
// stand-ins share, so that a misreading in our client is not repeated here. Where the documentation
// leaves something open the choice is a field of [Config] or said in a comment.
//
// A test makes a server, starts it, points its program at [Server.URL] and the server at the
// program's callback, and then acts as the people at both ends:
//
//	srv := wecomtest.New(wecomtest.Config{})
//	srv.Start()
//	defer srv.Close()
//	srv.AddAccount("kf1", "退役军人服务中心")
//	srv.SetCallback(program.URL + "/callback/wecom")
//	li := srv.Customer("li")
//	li.Say("kf1", "优待证怎么办？")
//	got, err := li.Wait(ctx, 1)
//
// Faults ([Server.Fault], [Server.SetBells]) make the platform fail in the ways it does fail.
package wecomtest
