package guide

import (
	"errors"
	"fmt"
	"io/fs"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

const sampleSource = "随程序附带的样例"

// sampleCity are the records of the city that does not exist, with fairs that move with the
// calendar.
type sampleCity struct {
	places []located[placeRecord]
	fairs  []located[fairRecord]
	offers []located[offerRecord]
}

// position is where a record of the sample files lies.
type position struct {
	Lat float64 `yaml:"lat"`
	Lon float64 `yaml:"lon"`
}

type placeRecord struct {
	ID      string           `yaml:"id"`
	Kind    directory.Kind   `yaml:"kind"`
	Level   directory.Level  `yaml:"level"`
	Name    string           `yaml:"name"`
	Region  knowledge.Region `yaml:"region"`
	Address string           `yaml:"address"`
	At      position         `yaml:"at"`
	Hours   string           `yaml:"hours"`
	Phone   string           `yaml:"phone"`
	Matters []string         `yaml:"matters"`
}

// fairRecord names its day by the week, counted from the current one, and the weekday, 1 for Monday
// to 7 for Sunday.
type fairRecord struct {
	ID      string           `yaml:"id"`
	Name    string           `yaml:"name"`
	Region  knowledge.Region `yaml:"region"`
	Venue   string           `yaml:"venue"`
	Address string           `yaml:"address"`
	At      position         `yaml:"at"`
	Week    int              `yaml:"week"`
	Weekday int              `yaml:"weekday"`
	From    string           `yaml:"from"`
	To      string           `yaml:"to"`
	Posts   []postRecord     `yaml:"posts"`
}

type postRecord struct {
	Title    string `yaml:"title"`
	Employer string `yaml:"employer"`
	Openings int    `yaml:"openings"`
	Pay      string `yaml:"pay"`
	Needs    string `yaml:"needs"`
}

type offerRecord struct {
	ID       string           `yaml:"id"`
	Name     string           `yaml:"name"`
	Merchant string           `yaml:"merchant"`
	Region   knowledge.Region `yaml:"region"`
	Address  string           `yaml:"address"`
	At       position         `yaml:"at"`
	What     string           `yaml:"what"`
	Whom     string           `yaml:"whom"`
}

func readSample(fsys fs.FS) (sampleCity, error) {
	var city sampleCity
	var errs [3]error
	city.places, errs[0] = readList[placeRecord](fsys, "sample/places.yaml")
	city.fairs, errs[1] = readList[fairRecord](fsys, "sample/fairs.yaml")
	city.offers, errs[2] = readList[offerRecord](fsys, "sample/offers.yaml")
	if err := errors.Join(errs[:]...); err != nil {
		return sampleCity{}, err
	}
	return city, city.check()
}

func (c sampleCity) check() error {
	var errs []error
	seen := make(map[string]bool)
	for _, r := range c.records(knowledge.Date{Year: 2026, Month: 1, Day: 1}) {
		if err := r.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("sample: %w", err))
		}
		if seen[r.Ref()] {
			errs = append(errs, fmt.Errorf("sample: %s stands twice: %w", r.Ref(), knowledge.ErrInvalid))
		}
		seen[r.Ref()] = true
	}
	for _, l := range c.places {
		if l.value.Phone != "" {
			errs = append(errs, l.fault("a sample place has no phone: someone could dial it"))
		}
	}
	for _, l := range c.fairs {
		if l.value.Weekday < 1 || l.value.Weekday > 7 {
			errs = append(errs, l.fault("weekday %d is not 1 to 7", l.value.Weekday))
		}
	}
	return errors.Join(errs...)
}

// records gives every record its mark, and every fair its day as seen from today.
func (c sampleCity) records(today knowledge.Date) []directory.Record {
	origin := directory.Origin{Sample: true, Source: sampleSource}
	var all []directory.Record
	for _, l := range c.places {
		r := l.value
		all = append(all, directory.Place{
			ID: r.ID, Kind: r.Kind, Level: r.Level, Name: r.Name, Region: r.Region,
			Address: r.Address, At: directory.Point(r.At), Hours: r.Hours, Phone: r.Phone,
			Matters: r.Matters, Origin: origin,
		})
	}
	sinceMonday := (int(today.Time().Weekday()) + 6) % 7
	for _, l := range c.fairs {
		r := l.value
		fair := directory.Fair{
			ID: r.ID, Name: r.Name, Region: r.Region, Venue: r.Venue, Address: r.Address,
			At: directory.Point(r.At), From: r.From, To: r.To, Origin: origin,
			Day: today.AddDays(7*r.Week + r.Weekday - 1 - sinceMonday),
		}
		for _, p := range r.Posts {
			fair.Posts = append(fair.Posts, directory.Post(p))
		}
		all = append(all, fair)
	}
	for _, l := range c.offers {
		r := l.value
		all = append(all, directory.Offer{
			ID: r.ID, Name: r.Name, Merchant: r.Merchant, Region: r.Region, Address: r.Address,
			At: directory.Point(r.At), What: r.What, Whom: r.Whom, Origin: origin,
		})
	}
	return all
}
