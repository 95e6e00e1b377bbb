package knowledge

// Support is what one citation of an entry carries of it.
type Support struct {
	// Share is how much of the entry's answer the article says that none before it says, in percent.
	Share int
	// Figures are the entry's figures that stand in the article, by figure.Figure's Value.
	Figures []string
}
