package directory

import (
	"errors"
	"fmt"

	"rongjun/knowledge"
)

// Kind says what a record is.
type Kind string

// The kinds of records.
const (
	Centre   Kind = "服务中心"
	Station  Kind = "服务站"
	Hospital Kind = "医院"
	Window   Kind = "窗口"
	Museum   Kind = "纪念场馆"
	Merchant Kind = "优待商家"
	JobFair  Kind = "招聘会"
	Discount Kind = "优惠"
)

// Level is the rank of a centre or station; it is empty for other places.
type Level string

// The four levels of the service network, the widest first.
const (
	LevelProvinceCity Level = "省市"
	LevelCounty       Level = "县"
	LevelTownship     Level = "街道乡镇"
	LevelVillage      Level = "村社区"
)

// Point is a position in degrees; the zero Point means "not known".
type Point struct {
	Lat, Lon float64
}

// Origin says where a record comes from and how far it can be trusted.
type Origin struct {
	// Sample marks a record of the city that does not exist.
	Sample bool
	// Source names who gave the record.
	Source string
	// Checked is the day on which a person last compared it with its source.
	Checked knowledge.Date
}

// Record is anything that the directory can find: a Place, a Fair or an Offer.
type Record interface {
	// Ref is unique among all records: "place:ID", "fair:ID", "offer:ID".
	Ref() string
	// Text is the record in plain Chinese, marked when it is a sample.
	Text() string
	// Validate reports what the record lacks; the error wraps knowledge.ErrInvalid.
	Validate() error

	facets() facets
	origin() Origin
}

// facets are what records are found by, whatever they are.
type facets struct {
	kind     Kind
	level    Level
	names    []string
	region   knowledge.Region
	at       Point
	matters  []string
	from, to knowledge.Date
}

// Place is a place that people can go to.
type Place struct {
	ID      string
	Kind    Kind
	Level   Level
	Name    string
	Region  knowledge.Region
	Address string
	At      Point
	// Hours are the opening hours as people say them.
	Hours string
	Phone string
	// Matters are the matters that are handled there: 优待证, 伤残评定, 就业.
	Matters []string
	Origin  Origin
}

// Fair is a job fair on one day.
type Fair struct {
	ID      string
	Name    string
	Region  knowledge.Region
	Venue   string
	Address string
	At      Point
	Day     knowledge.Date
	// From and To are times of day: "9:00".
	From, To string
	Posts    []Post
	Origin   Origin
}

// Post is one kind of job that is offered at a fair.
type Post struct {
	Title    string
	Employer string
	Openings int
	// Pay and Needs are given in the employer's own words.
	Pay   string
	Needs string
}

// Offer is what a merchant gives to veterans or families in a span of days; a zero day is open.
type Offer struct {
	ID       string
	Name     string
	Merchant string
	Region   knowledge.Region
	Address  string
	At       Point
	// What is given, and to Whom on which proof.
	What, Whom string
	From, To   knowledge.Date
	Origin     Origin
}

// Ref implements Record.
func (p Place) Ref() string { return "place:" + p.ID }

// Ref implements Record.
func (f Fair) Ref() string { return "fair:" + f.ID }

// Ref implements Record.
func (o Offer) Ref() string { return "offer:" + o.ID }

// Validate implements Record.
func (p Place) Validate() error {
	known := map[Kind]bool{
		Centre: true, Station: true, Hospital: true, Window: true, Museum: true, Merchant: true,
	}
	ranked := p.Kind == Centre || p.Kind == Station
	return lacks(p.Ref(), map[string]bool{
		"id": p.ID == "", "name": p.Name == "", "region": p.Region == "", "known kind": !known[p.Kind],
		"level": ranked && !knownLevel(p.Level), "address": p.Address == "",
	})
}

// Validate implements Record.
func (f Fair) Validate() error {
	return lacks(f.Ref(), map[string]bool{
		"id": f.ID == "", "name": f.Name == "", "region": f.Region == "", "day": f.Day.IsZero(),
		"venue": f.Venue == "",
	})
}

// Validate implements Record.
func (o Offer) Validate() error {
	return lacks(o.Ref(), map[string]bool{
		"id": o.ID == "", "name": o.Name == "", "region": o.Region == "", "merchant": o.Merchant == "",
		"what is given": o.What == "",
	})
}

func knownLevel(l Level) bool {
	switch l {
	case LevelProvinceCity, LevelCounty, LevelTownship, LevelVillage:
		return true
	}
	return false
}

func lacks(ref string, missing map[string]bool) error {
	var errs []error
	for field, is := range missing {
		if is {
			errs = append(errs, fmt.Errorf("%s has no %s: %w", ref, field, knowledge.ErrInvalid))
		}
	}
	return errors.Join(errs...)
}

func (p Place) origin() Origin { return p.Origin }

func (f Fair) origin() Origin { return f.Origin }

func (o Offer) origin() Origin { return o.Origin }

func (p Place) facets() facets {
	return facets{
		kind: p.Kind, level: p.Level, names: []string{p.Name}, region: p.Region, at: p.At,
		matters: p.Matters,
	}
}

func (f Fair) facets() facets {
	matters := []string{"招聘", "就业", "找工作", "岗位"}
	for _, p := range f.Posts {
		matters = append(matters, p.Title)
	}
	return facets{
		kind: JobFair, names: []string{f.Name}, region: f.Region, at: f.At, matters: matters,
		from: f.Day, to: f.Day,
	}
}

func (o Offer) facets() facets {
	return facets{
		kind: Discount, names: []string{o.Name, o.Merchant}, region: o.Region, at: o.At,
		matters: []string{"优惠", "打折", o.Name}, from: o.From, to: o.To,
	}
}
