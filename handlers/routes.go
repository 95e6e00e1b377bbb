package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// routes is the whole URL surface.
func (f *face) routes(e *echo.Echo) {
	e.GET("/healthz", f.alive)
	e.GET("/readyz", f.ready)
	e.GET("/metrics", echo.WrapHandler(f.metrics))
	e.GET("/static/:file", f.static)
	e.GET("/:proof", f.proof)

	e.GET("/callback/:channel", f.verifyCallback)
	e.POST("/callback/:channel", f.receiveCallback)

	e.GET("/", f.chatPage)
	e.POST("/chat/messages", f.chatPost)
	e.GET("/chat/events", f.chatEvents)
	e.GET("/chat/media/:id", f.chatMedia)

	desk := e.Group("/desk", f.withSession)
	desk.GET("/signin", f.signInPage)
	desk.POST("/signin", f.signIn)
	desk.GET("/wecom", f.beginWeCom)
	desk.GET("/wecom/return", f.returnWeCom)
	desk.POST("/signout", f.signOut)
	desk.GET("/password", f.passwordPage, f.signedIn)
	desk.POST("/password", f.changePassword, f.signedIn)
	read := desk.Group("", f.signedIn, f.mustHavePassword)
	read.GET("", f.deskPage)
	read.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, "/desk") })
	read.GET("/events", f.deskEvents)
	read.GET("/conversations/:id", f.deskPage)
	read.GET("/media/:id", f.media)
	act := read.Group("/conversations/:id", f.mayAnswer)
	act.POST("/takeover", f.deskTakeover)
	act.POST("/messages", f.deskSay)
	act.POST("/release", f.deskRelease)
	act.POST("/close", f.deskClose)
	act.POST("/client", f.deskToClient)
	act.POST("/takeback", f.deskTakeBack)

	know := read.Group("/knowledge")
	know.GET("", f.listPage)
	know.GET("/entry", f.entryPage)
	know.GET("/document", f.documentPage)
	know.GET("/drafts", f.draftsPage)
	know.GET("/revisions/:revision", f.revisionPage)
	know.GET("/compare", f.comparePage)
	know.GET("/review", f.reviewPage)
	know.GET("/hits", f.hitsPage)
	know.POST("/hits", f.tryQuestion)
	edit := know.Group("", f.mayEdit)
	edit.POST("/entry", f.saveEntry)
	edit.POST("/entry/cites", f.citePreview)
	edit.POST("/document", f.saveDocument)
	edit.POST("/revisions/:revision/approve", f.approve)
	edit.POST("/revisions/:revision/reject", f.reject)
	edit.POST("/withdraw", f.withdraw)
	edit.GET("/import", f.importPage)
	edit.POST("/import", f.importFiles)

	api := e.Group("/api/v1", f.withToken)
	api.GET("/conversations", f.apiList)
	api.GET("/conversations/:id", f.apiRead)
	write := api.Group("/conversations/:id", f.mayAnswer)
	write.POST("/takeover", f.apiTakeover)
	write.POST("/messages", f.apiSay)
	write.POST("/release", f.apiRelease)
	write.POST("/close", f.apiClose)
}
