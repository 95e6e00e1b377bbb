// Package staff knows the people who work at the desk: their accounts, passwords, roles and tokens.
//
// Accounts is the whole of it; what it needs of a database are the interfaces Members and Tokens.
package staff
