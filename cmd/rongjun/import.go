package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/ingest"
)

type importCommand struct {
	Paths  []string `arg:"" optional:"" name:"path" help:"文件或文件夹：md、txt、html、docx、pdf、xlsx；机构、招聘会和优惠的名录：xlsx 或 csv，列名见 README。"`
	Region string   `help:"文中或名录的行里没有写明地区时按哪里处理，如 浙江省/杭州市；不填时文本为全国，名录的这些行不用。"`
	DryRun bool     `name:"dry-run" help:"只看会导入什么，不写入。"`
	Check  bool     `help:"列出已有内容里到期的、互相矛盾的、缺日期的和拿不准的。"`
}

// Run takes files in and publishes them: the operator has the machine, so nobody else approves. A
// running serve takes the new texts over by itself.
func (i importCommand) Run(ctx context.Context, c *commands, w world) error {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	switch {
	case i.Check && len(i.Paths) == 0:
		return check(ctx, s, c, w)
	case i.Check:
		return &usageError{"--check 检查已有的内容，不能同时导入文件。"}
	case len(i.Paths) == 0:
		return &usageError{"请写出要导入的文件或文件夹。"}
	}
	region, err := readRegion(i.Region)
	if err != nil {
		return err
	}
	i.Region = string(region)
	report, err := i.files(ctx, s, w)
	if err != nil {
		return err
	}
	if c.JSON {
		err = writeJSON(w.out, report)
	} else {
		err = report.writeText(w.out)
	}
	if failed := report.failed(); err == nil && failed > 0 {
		words := fmt.Sprintf("有 %d 个文件没有导入，原因见上；其余的已处理。", failed)
		return &told{words, errNotImported}
	}
	return err
}

var errNotImported = errors.New("some files were not imported")

// files reads and takes in all paths and tells what their texts leave open.
func (i importCommand) files(
	ctx context.Context, s config.Config, w world,
) (report importReport, err error) {
	shelf, db, done, err := i.target(ctx, s)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, done()) }()
	number, standing, err := shelf.standing(ctx)
	if err != nil {
		return report, err
	}
	taking := newTaking(standing, newProgress(w.err, "导入"))
	if db != nil {
		taking.store = db
	}
	opts := ingest.Options{Region: knowledge.Region(i.Region)}
	opened := make(chan error, 1)
	go func() { opened <- shelf.open() }() // the guide is only needed for the report
	err = errors.Join(taking.paths(ctx, opts, i.Paths), <-opened)
	if err != nil {
		return report, err
	}
	taking.progress.end()
	e := newEdition(shelf.guide, number, with(standing, taking.documents))
	return newImportReport(taking, e, knowledge.DateOf(time.Now().In(knowledge.China()))), nil
}

// target is where documents go: the database, which is made, or nowhere in a dry run.
func (i importCommand) target(
	ctx context.Context, s config.Config,
) (*shelf, *store.Store, func() error, error) {
	if i.DryRun {
		shelf, done, err := standingShelf(ctx, s)
		return shelf, nil, done, err
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return nil, nil, nil, err
	}
	return &shelf{published: db}, db, db.Close, nil
}

// with is what stands once documents are published over it.
func with(standing []knowledge.Revision, docs []knowledge.Document) []knowledge.Revision {
	at := make(map[string]int)
	all := append([]knowledge.Revision{}, standing...)
	for i, r := range all {
		if r.Kind == knowledge.ItemDocument {
			at[r.Key] = i
		}
	}
	for _, d := range docs {
		r := knowledge.Revision{
			Draft: knowledge.Draft{Kind: knowledge.ItemDocument, Key: d.Key, Document: &d},
			State: knowledge.RevisionPublished,
		}
		if i, known := at[d.Key]; known {
			all[i] = r
			continue
		}
		at[d.Key] = len(all)
		all = append(all, r)
	}
	return all
}
