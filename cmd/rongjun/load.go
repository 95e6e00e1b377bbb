package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"rongjun/config"
)

// loadPlan says how much is written to the program, by whom and for how long.
type loadPlan struct {
	Contacts int `json:"contacts"`
	// Rate is how many messages a second are written, by all contacts together.
	Rate int           `json:"rate"`
	For  time.Duration `json:"for"`
	// Cached lets the contacts ask forty questions over and over, whose vectors the program has; else
	// every question is new.
	Cached bool `json:"cached"`
}

// The bounds of a plan, so that a slip of the pen does not fill a disk.
const (
	mostContacts = 20_000
	mostRate     = 1_000
	mostTime     = 10 * time.Minute
)

const loadUsage = "--load 后面写 contacts=2500 rate=50 for=60s questions=new（或 cached），都可以省略"

// readPlan reads the words behind --load.
func readPlan(words []string) (loadPlan, error) {
	p := loadPlan{Contacts: 2500, Rate: 50, For: time.Minute}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		var err error
		switch name {
		case "contacts":
			p.Contacts, err = strconv.Atoi(value)
		case "rate":
			p.Rate, err = strconv.Atoi(value)
		case "for":
			p.For, err = time.ParseDuration(value)
		case "questions":
			p.Cached = value == "cached"
			if !p.Cached && value != "new" {
				err = errors.New("neither new nor cached")
			}
		default:
			err = errors.New("unknown word")
		}
		if err != nil {
			return p, &usageError{fmt.Sprintf("看不懂“%s”：%s。", word, loadUsage)}
		}
	}
	if p.Contacts < 1 || p.Contacts > mostContacts || p.Rate < 1 || p.Rate > mostRate ||
		p.For < time.Second || p.For > mostTime {
		return p, &usageError{fmt.Sprintf("contacts 是 1 到 %d，rate 是 1 到 %d，for 是 1s 到 %s。",
			mostContacts, mostRate, mostTime)}
	}
	return p, nil
}

// load drives a program of its own, in a process of its own, with contacts of the stand-in platform,
// and proves at the end that every message was answered once and in order.
func (sc simulateCommand) load(ctx context.Context, c *commands, s config.Config, w world) error {
	plan, err := readPlan(sc.Words)
	if err != nil {
		return err
	}
	if sc.Database != "" {
		s.DatabaseURL = config.NewSecret(sc.Database)
	}
	dir, err := os.MkdirTemp("", "rongjun-load-")
	if err != nil {
		return fmt.Errorf("make a temporary data folder: %w", err)
	}
	s.Data = dir
	run := newLoadRun(plan, s)
	defer run.close()
	report, err := run.run(ctx, c.Config, w)
	err = errors.Join(err, os.RemoveAll(dir))
	if err != nil {
		return err
	}
	if c.JSON {
		err = writeJSON(w.out, report)
	} else if _, err = io.WriteString(w.out, report.text()); err != nil {
		err = fmt.Errorf("write report: %w", err)
	}
	if err == nil && !report.Proven {
		const words = "没有做到每条消息都答一次、都按次序，见上面的报告。"
		err = &told{words, errors.New("load run not proven")}
	}
	return err
}
