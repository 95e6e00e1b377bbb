package main

import (
	"errors"
	"io/fs"
	"net"
	"syscall"

	"rongjun/bot"
	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/knowledge"
)

// usageError is a wrong use of the command line that the parser cannot see.
type usageError struct{ words string }

// Error is the Chinese sentence for the operator.
func (e *usageError) Error() string { return e.words }

// told is a fault whose Chinese sentence is known where it happens.
type told struct {
	words string
	err   error
}

// Error is the English text for the log.
func (e *told) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *told) Unwrap() error { return e.err }

// sentence says a fault in one Chinese sentence; what has no words of its own is told as it is.
func sentence(err error) string {
	var faults config.Faults
	if errors.As(err, &faults) {
		return faults.Error()
	}
	if e, ok := errors.AsType[*told](err); ok {
		return e.words
	}
	if e, ok := errors.AsType[*usageError](err); ok {
		return e.words
	}
	for _, row := range []struct {
		is    error
		words string
	}{
		{store.ErrLocked, "这个数据文件夹正由另一个 rongjun serve 使用，不能同时运行两个。"},
		{store.ErrNewer, "数据库由更新版本的程序写成，请换用新版本的程序；数据没有改动。"},
		{store.ErrUsePgDump, "数据在 PostgreSQL 里，请用 pg_dump 备份、用 pg_restore 恢复。"},
		{syscall.EADDRINUSE, "监听的端口已被占用，请换一个端口（listen），或先停掉占用它的程序。"},
		{syscall.EACCES, "没有权限读写数据文件夹或监听端口。"},
		{fs.ErrPermission, "没有权限读写数据文件夹。"},
		{syscall.EROFS, "数据文件夹所在的磁盘是只读的。"},
		{syscall.ENOSPC, "磁盘已满。"},
		{fs.ErrNotExist, "要用的文件或文件夹不存在。"},
		{syscall.ENOTDIR, "数据文件夹的路径上有一个不是文件夹。"},
		{bot.ErrUnavailable, "数据库现在连不上或写不进去，请检查磁盘空间和数据库服务。"},
		{store.ErrDamaged, "数据库文件已损坏，或者不是本程序的数据库；请换一个数据文件夹，或从备份恢复。"},
		{bot.ErrNotFound, "没有找到。"},
		{knowledge.ErrInvalid, "数据不符合要求：" + err.Error()},
	} {
		if errors.Is(err, row.is) {
			return row.words
		}
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		if e.Addr == nil {
			return "网络地址用不了，请检查 listen 等设置里的地址。"
		}
		return "网络地址用不了：" + e.Addr.String()
	}
	return "出错了：" + err.Error()
}
