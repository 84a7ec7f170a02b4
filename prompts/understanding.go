package prompts

// Understanding is what a message means. Its JSON is that of `onedoor classify`, beside the text itself.
type Understanding struct {
	Category   string   `json:"category"`   // the likeliest; empty when nothing can be said
	Categories []Guess  `json:"categories"` // likeliest first; confidences add up to at most 1
	Urgency    Urgency  `json:"urgency"`
	Crisis     Crisis   `json:"crisis"`
	Groups     []string `json:"groups"`     // beneficiary groups
	Confidence float64  `json:"confidence"` // of Category, 0 to 1
	Source     string   `json:"source"`     // offline or model
	Summary    string   `json:"summary,omitempty"`
	Because    []string `json:"because,omitempty"` // the words that decided
}

// Guess is a category and how sure we are of it, 0 to 1.
type Guess struct {
	Key        string  `json:"key"`
	Confidence float64 `json:"confidence"`
}

// Where an Understanding comes from.
const (
	SourceOffline = "offline"
	SourceModel   = "model"
)

// groupWords are words that name a beneficiary group, in folded text.
var groupWords = map[string][]string{
	"elderly": {"老人", "老年", "老伴", "老母", "老父", "奶奶", "爷爷", "外婆", "外公", "婆婆", "阿婆", "阿公", "阿爷", "阿嫲", "公公", "七十", "八十", "九十", "70岁", "75岁", "80岁", "85岁", "90岁", "老婆婆", "老大爷", "高龄",
		"elderly", "old man", "old woman", "old lady", "grandmother", "grandfather", "grandma", "grandpa", "aged"},
	"empty_nester":   {"独居", "空巢", "一个人住", "一个人生活", "自己住", "独自一人", "儿女不在", "子女不在", "没人照顾", "无人照顾", "孤寡", "lives alone", "living alone", "by herself", "by himself"},
	"woman":          {"妇女", "孕妇", "怀孕", "产妇", "女工", "媳妇", "老婆", "妻子", "单亲妈妈", "外嫁女", "pregnant", "my wife", "women"},
	"minor":          {"孩子", "小孩", "儿子", "女儿", "学生", "孙子", "孙女", "宝宝", "婴儿", "未成年", "细路", "仔仔", "囡囡", "细佬哥", "学童", "娃", "my son", "my daughter", "child", "children", "kid", "baby", "grandson", "granddaughter"},
	"left_behind":    {"留守", "父母在外", "爸妈在外", "父母都在外", "父母外出", "爸妈都出去打工", "爸爸妈妈都在外", "left behind", "left-behind", "parents work away", "parents are away"},
	"disabled":       {"残疾", "残障", "轮椅", "瘫痪", "瘫", "失明", "盲人", "聋", "哑", "听不见", "看不见", "走不动", "行不到", "行不了", "走不了", "腿脚不便", "智力障碍", "自闭", "截肢", "disabled", "disability", "wheelchair", "blind", "deaf", "paralysed", "paralyzed", "can't walk", "cannot walk"},
	"low_income":     {"低保", "贫困", "困难户", "没钱", "五保", "特困", "揭不开锅", "吃不起", "交不起", "穷", "low income", "poor", "no money", "can't afford", "cannot afford"},
	"mental_health":  {"精神病", "精神分裂", "精神障碍", "抑郁", "躁郁", "精神残疾", "发病打人", "焦虑", "不想活", "自杀", "depress", "schizophreni", "mental illness", "bipolar", "suicid"},
	"rehabilitation": {"戒毒", "吸毒", "复吸", "美沙酮", "毒瘾", "drug addict", "drug rehab", "methadone", "quit drugs", "using drugs"},
}

// groupOrder is that of mission.md.
var groupOrder = []string{"elderly", "empty_nester", "woman", "minor", "left_behind", "disabled", "low_income", "mental_health", "rehabilitation"}

// urgentWords are words of what can't wait for days, in folded text.
var urgentWords = []string{"急", "马上", "赶紧", "立刻", "尽快", "今天就", "今晚", "断粮", "没饭吃", "没饭食", "没米", "没吃的", "断药", "没药了", "停水", "停电", "断电", "没水喝", "晕倒", "发烧", "跌倒", "摔倒", "摔断",
	"受伤", "流血", "漏电", "要塌", "要倒", "快塌", "随时会", "危险", "中毒", "拉肚子", "上吐下泻", "被打", "赶出", "无家可归", "无处可住", "没地方住", "几天没吃", "等不及",
	"urgent", "asap", "right now", "immediately", "tonight", "no food", "nothing to eat", "no water", "fell down", "bleeding", "injured", "about to collapse", "dangerous", "poison", "homeless", "nowhere to sleep"}

// readUrgency finds how urgent folded text is. A crisis is always an emergency.
func readUrgency(text *folded, crisis Crisis) Urgency {
	switch {
	case crisis != "":
		return Emergency
	case text.hasAny(urgentWords):
		return Urgent
	default:
		return Normal
	}
}

// readGroups finds the beneficiary groups that folded text names; never nil.
func readGroups(text *folded) []string {
	groups := []string{}
	for _, group := range groupOrder {
		if text.hasAny(groupWords[group]) {
			groups = append(groups, group)
		}
	}
	return groups
}
