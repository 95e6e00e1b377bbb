// Package platformtest is what the stand-ins for the platforms of the WeChat family are made of:
// a listener, access tokens, planted faults, the encryption of callbacks and their way to the
// program. What one platform alone has (its calls, its people, its rules) is in the stand-in.
//
// It is written against the documented protocol and imports nothing of this module, so that a
// misreading in our client is not repeated here; its encryption is held to that of a foreign
// implementation.
//
// A stand-in embeds a [Platform]. Of its methods a test uses URL, Close, Calls, Fault, ClearFaults,
// RevokeTokens, SetCallback, Callbacks and WaitCallbacks; the others are for the stand-in.
package platformtest
