package main

import (
	"sync"

	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
	"rongjun/knowledge/guide"
)

// sampleUse says when the records of the sample city answer.
type sampleUse int

const (
	sampleNever sampleUse = iota
	// sampleAlone is until a directory is imported.
	sampleAlone
	sampleAlways
)

// usesSample is the rule of the setting: unless it is set, the sample city answers only while nothing
// real is set up.
func usesSample(s config.Config) sampleUse {
	switch {
	case s.Sample == config.Yes:
		return sampleAlways
	case s.Sample == config.No || s.WeCom.CorpID != "" || s.WeChat.AppID != "":
		return sampleNever
	}
	return sampleAlone
}

// places are the imported records, and the sample city's, which are made anew when the day changes,
// since its fairs move with it.
type places struct {
	guide    *guide.Guide
	imported []directory.Record
	real     *directory.Directory

	mu   sync.Mutex
	day  knowledge.Date
	both *directory.Directory
}

func newPlaces(g *guide.Guide, imported []directory.Record) *places {
	return &places{guide: g, imported: imported, real: directory.New(imported)}
}

// on are the records to answer from on a day, nil where there are none.
func (p *places) on(today knowledge.Date, use sampleUse) *directory.Directory {
	switch {
	case use == sampleAlways, use == sampleAlone && len(p.imported) == 0:
		return p.withSample(today)
	case len(p.imported) == 0:
		return nil
	}
	return p.real
}

func (p *places) withSample(today knowledge.Date) *directory.Directory {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.both == nil || p.day != today {
		all := append(p.guide.Sample(today).Records(), p.imported...)
		p.both, p.day = directory.New(all), today
	}
	return p.both
}
