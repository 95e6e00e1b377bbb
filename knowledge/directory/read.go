package directory

import (
	"cmp"
	"strings"

	"rongjun/knowledge"
)

// Read makes records of the rows of a directory. Nothing is guessed: a row that lacks what it cannot do
// without is left out, of other rows only the cell that is in doubt, and each is told in Chinese with
// where it stands.
func Read(d knowledge.Document) (records []Record, doubts []string) {
	l := &list{document: d, at: make(map[string]int), rows: make(map[string]*cells)}
	for _, row := range d.Rows {
		c := &cells{row: row}
		if r := l.record(c); c.refused == "" {
			l.add(c, r)
		}
		doubts = append(doubts, c.told()...)
	}
	return l.records, doubts
}

// Gather makes one list of the records of several directories, those imported first coming first. Of a
// record that two of them have, the one checked last stays, or else the one of the later directory.
func Gather(docs []knowledge.Document) []Record {
	var all []Record
	at := make(map[string]int)
	for _, d := range docs {
		records, _ := Read(d)
		for _, r := range records {
			i, known := at[r.Ref()]
			switch {
			case !known:
				at[r.Ref()] = len(all)
				all = append(all, r)
			case !r.origin().Checked.Before(all[i].origin().Checked):
				all[i] = r
			}
		}
	}
	return all
}

// list gathers the records of one directory.
type list struct {
	document knowledge.Document
	records  []Record
	// at is where each record is in records, rows the first row of it, by Ref.
	at   map[string]int
	rows map[string]*cells
}

// record reads a row; the record counts unless the row was refused.
func (l *list) record(c *cells) Record {
	kind := Kind(c.needed(columnKind))
	name := c.needed(columnName)
	region := c.region(l.document.Region)
	switch kind {
	case JobFair:
		return l.fair(c, name, region)
	case Discount:
		return l.offer(c, name, region)
	case Centre, Station, Hospital, Window, Museum, Merchant:
		return l.place(c, kind, name, region)
	}
	c.refuse("不认识类别“%s”", kind)
	return nil
}

// identity names a record by what stays the same from one version of a directory to the next.
func identity(parts ...string) string { return strings.Join(parts, "/") }

func (l *list) place(c *cells, kind Kind, name string, region knowledge.Region) Record {
	p := Place{
		ID: identity(string(kind), string(region), name), Kind: kind, Name: name, Region: region,
		Address: c.text(columnAddress), At: c.point(), Hours: c.text(columnHours), Phone: c.phone(),
		Matters: c.list(columnMatters), Origin: l.origin(c),
	}
	if kind != Centre && kind != Station {
		return p
	}
	p.Level = Level(c.text(columnLevel))
	if p.Level != "" && !knownLevel(p.Level) {
		c.doubt("不认识级别“%s”，没有用", p.Level)
		p.Level = ""
	}
	return p
}

func (l *list) fair(c *cells, name string, region knowledge.Region) Record {
	c.needed(columnDay)
	f := Fair{
		Name: name, Region: region, Venue: c.text(columnVenue), Address: c.text(columnAddress),
		At: c.point(), Day: c.dayThatCounts(columnDay), From: c.hour(columnFrom), To: c.hour(columnTo),
		Origin: l.origin(c),
	}
	f.ID = identity(string(JobFair), string(region), name, f.Day.String())
	p := Post{
		Title: c.text(columnPost), Employer: c.text(columnEmployer), Openings: c.openings(),
		Pay: c.text(columnPay), Needs: c.text(columnNeeds),
	}
	switch {
	case p.Title != "":
		f.Posts = []Post{p}
	case p != Post{}:
		c.doubt("没有写岗位，单位、人数、待遇和要求没有用")
	}
	return f
}

func (l *list) offer(c *cells, name string, region knowledge.Region) Record {
	o := Offer{
		Name: name, Merchant: c.needed(columnMerchant), Region: region, Address: c.text(columnAddress),
		At: c.point(), What: c.needed(columnWhat), Whom: c.text(columnWhom),
		From: c.dayThatCounts(columnFirst), To: c.dayThatCounts(columnLast), Origin: l.origin(c),
	}
	if !o.To.IsZero() && o.To.Before(o.From) {
		c.refuse("截止日期早于开始日期")
	}
	o.ID = identity(string(Discount), string(region), o.Merchant, name)
	return o
}

func (l *list) origin(c *cells) Origin {
	checked, ok := c.day(columnChecked)
	if !ok {
		c.doubt("%s“%s”不是 2026-11-28 这样的日期，没有用", columnChecked, c.text(columnChecked))
	}
	return Origin{Source: cmp.Or(c.text(columnSource), l.document.Title), Checked: checked}
}

// add takes a record in. A fair that is known gets the posts of the row; anything else that is known
// stays as it is.
func (l *list) add(c *cells, r Record) {
	i, known := l.at[r.Ref()]
	if !known {
		l.at[r.Ref()], l.rows[r.Ref()] = len(l.records), c
		l.records = append(l.records, r)
		return
	}
	first := l.rows[r.Ref()]
	fair, isFair := r.(Fair)
	if !isFair {
		c.refuse("和%s的类别、地区、名称一样", first.place())
		return
	}
	for _, column := range []string{columnVenue, columnAddress, columnFrom, columnTo} {
		if said := c.text(column); said != "" && said != first.text(column) {
			c.doubt("%s“%s”和%s的不一样，没有用", column, said, first.place())
		}
	}
	whole, _ := l.records[i].(Fair)
	whole.Posts = append(whole.Posts, fair.Posts...)
	l.records[i] = whole
}
