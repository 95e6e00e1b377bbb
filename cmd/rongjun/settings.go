package main

import (
	"fmt"

	"rongjun/config"
)

type settingsCommand struct{}

// Run prints every setting with its default, its variable and its meaning, and the present value
// where it differs; secrets are never shown.
func (settingsCommand) Run(c *commands, w world) error {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(w.out, settingRows(&s))
	}
	untouched, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		return err
	}
	defaults := settingRows(&untouched)
	for i, r := range settingRows(&s) {
		def := r.Default
		if def == "" {
			def = "（空）"
		}
		fmt.Fprintf(w.out, "%s\n    %s\n    环境变量 %s　默认 %s\n", r.Path, r.Meaning, r.Environment, def)
		if r.Value != defaults[i].Value {
			fmt.Fprintf(w.out, "    现在是 %s\n", r.Value)
		}
	}
	return nil
}

type settingRow struct {
	Path        string `json:"path"`
	Environment string `json:"environment"`
	Default     string `json:"default"`
	Value       string `json:"value"`
	Meaning     string `json:"meaning"`
}

func settingRows(s *config.Config) []settingRow {
	var rows []settingRow
	for _, r := range s.Settings() {
		rows = append(rows, settingRow{r.Path, r.Environment(), r.Default, r.Written(), r.Meaning})
	}
	return rows
}
