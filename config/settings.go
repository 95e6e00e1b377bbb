package config

import "strings"

// Setting is one row of the table of settings.
type Setting struct {
	// Path is the place in the YAML file, "turn.quiet".
	Path string
	// Default is the written default, empty for none.
	Default string
	// Meaning is one Chinese sentence.
	Meaning string
	value   value
}

// Environment is the variable that sets it: RONGJUN_TURN_QUIET.
func (s Setting) Environment() string {
	return "RONGJUN_" + strings.ToUpper(strings.ReplaceAll(s.Path, ".", "_"))
}

// Written is the present value as it would be written, secrets hidden.
func (s Setting) Written() string { return s.value.written() }

// Settings is the table: every setting with its default beside it, bound to the fields of c.
func (c *Config) Settings() []Setting {
	rows := []Setting{
		{"data", "./data", "数据文件夹：数据库、图片、验证文件都在里面。", text(&c.Data)},
		{"listen", "127.0.0.1:8080", "监听的地址和端口。", text(&c.Listen)},
		{"public_url", "", "对外的网址；不填则按监听地址。以 https 开头时，登录凭据只走加密连接。", text(&c.PublicURL)},
		{"database.url", "", "数据库；不填用数据文件夹里的 SQLite，填 postgres://… 用 PostgreSQL。", secret(&c.DatabaseURL)},
		{"region", "", "所在地区，如 浙江省/杭州市；不填只用全国性文件。", text(&c.Region)},
		{"sample", "", "是否启用样例市的样例数据；不填则仅在没有导入名录、也没有接入微信时启用。", choice(&c.Sample)},
		{"turn.quiet", "1500ms", "同一人连发几条，间隔短于此时长的算一次提问。", duration(&c.Turn.Quiet)},
		{"turn.per_minute", "6", "同一会话每分钟最多回答几次，超出的合并到下一次。", number(&c.Turn.PerMinute)},
		{"trusted_proxies", "", "可信的反向代理网段，用逗号隔开。", list(&c.TrustedProxies)},
	}
	rows = append(rows, c.channelSettings()...)
	return append(rows, c.serviceSettings()...)
}

func (c *Config) channelSettings() []Setting {
	return []Setting{
		{"wecom.corp_id", "", "企业微信的企业ID；不填则不接入企业微信。", text(&c.WeCom.CorpID)},
		{"wecom.agent_id", "", "自建应用的 AgentId。", number(&c.WeCom.AgentID)},
		{"wecom.secret", "", "自建应用的 Secret。", secret(&c.WeCom.Secret)},
		{"wecom.token", "", "接收消息设置里的 Token。", secret(&c.WeCom.Token)},
		{"wecom.aes_key", "", "接收消息设置里的 EncodingAESKey，43 个字符。", secret(&c.WeCom.AESKey)},
		{"wecom.api_base", "https://qyapi.weixin.qq.com", "企业微信接口的网址，测试时可换。", address(&c.WeCom.APIBase)},
		{"wecom.duplicate_codes", "", "表示“消息编号重复”的错误码，用逗号隔开。", numbers(&c.WeCom.DuplicateCodes)},
		{"wecom.notice_quiet", "22:00-07:30", "这段时间不给工作人员发等候提醒，有人可能有危险时除外；填 none 则随时提醒。", hours(&c.WeCom.NoticeQuiet)},
		{"wecom.notice_per_hour", "12", "每名工作人员每小时最多收几条等候提醒；填 0 则不发。", number(&c.WeCom.NoticePerHour)},
		{"wecom.pool", "", "填 true：没有人打开工作台时，把等人的客户转给企业微信里正在接待的人员；不填则都在工作台排队。", choice(&c.WeCom.Pool)},
		{"wechat.app_id", "", "公众号的 AppID；不填则不接入公众号。", text(&c.WeChat.AppID)},
		{"wechat.secret", "", "公众号的 AppSecret。", secret(&c.WeChat.Secret)},
		{"wechat.token", "", "公众号服务器配置里的 Token。", secret(&c.WeChat.Token)},
		{"wechat.aes_key", "", "公众号服务器配置里的 EncodingAESKey，43 个字符。", secret(&c.WeChat.AESKey)},
		{"wechat.mode", "encrypted", "公众号消息加密方式：encrypted 或 plain。", text(&c.WeChat.Mode)},
		{"wechat.passive", "", "公众号没有客服消息接口（未认证）时填 true：在微信等候的几秒内直接作答，来不及的请对方回复“1”来取。", choice(&c.WeChat.Passive)},
		{"wechat.api_base", "https://api.weixin.qq.com", "公众号接口的网址，测试时可换。", address(&c.WeChat.APIBase)},
		{"miniprogram.app_id", "", "本地办事小程序的 AppID，要先和企业微信、公众号关联；填了就在能办事的回答里给出。", text(&c.MiniProgram.AppID)},
		{"miniprogram.path", "", "小程序打开的页面，以 .html 结尾，如 pages/index/index.html。", text(&c.MiniProgram.Path)},
		{"miniprogram.title", "", "小程序的名字，最多 20 个汉字。", text(&c.MiniProgram.Title)},
	}
}

func (c *Config) serviceSettings() []Setting {
	return []Setting{
		{"llm.base_url", "", "大模型服务（OpenAI 兼容）的网址；不填则用离线回答。", address(&c.LLM.BaseURL)},
		{"llm.key", "", "大模型服务的密钥。", secret(&c.LLM.Key)},
		{"llm.model", "", "大模型的名称。", text(&c.LLM.Model)},
		{"llm.timeout", "20s", "等大模型多久；超时改用离线回答。", duration(&c.LLM.Timeout)},
		{"embeddings.base_url", "", "向量服务（OpenAI 兼容）的网址；不填则用程序自带的检索。", address(&c.Embeddings.BaseURL)},
		{"embeddings.key", "", "向量服务的密钥。", secret(&c.Embeddings.Key)},
		{"embeddings.model", "", "向量模型的名称。", text(&c.Embeddings.Model)},
		{"speech.base_url", "", "语音转文字服务（OpenAI 兼容）的网址；不填则语音转人工。", address(&c.Speech.BaseURL)},
		{"speech.key", "", "语音服务的密钥。", secret(&c.Speech.Key)},
		{"speech.model", "", "语音模型的名称。", text(&c.Speech.Model)},
		{"media.keep", "720h", "收到的图片、语音、文件保留多久，到期删除；0s 表示不删。", duration(&c.Media.Keep)},
		{"log.level", "info", "日志级别：debug、info、warn 或 error。", level(&c.Log.Level)},
		{"log.format", "text", "日志格式：text 或 json。", text(&c.Log.Format)},
	}
}
