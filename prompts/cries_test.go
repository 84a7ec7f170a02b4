package prompts

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestShortCries: who did what, or what happened to whom, is heard in the fewest words, with mistakes, and in any of the languages.
func TestShortCries(t *testing.T) {
	t.Parallel()
	_, offline := load(t)
	for kind, texts := range map[Crisis]string{
		Suicide: `我妈想寻短见|不行了我想寻段见|佢𠝹脈|i want die|my mother no want live|he cut the wrist|i want disappear from this world|人喝多少老鼠药会没有痛苦|I'm at the river, I don't think I'll be coming back|
			我去水库边了，不回来了|人间不值得，再见了大家|she drunk the farm poison because of quarrel`,
		ChildAbuse: `舅舅打我|妈妈摸我|阿Sir踢我|daddy touch me|stepmum doesn't let me eat, she says i must sleep with the pigs|he showed me his private parts behind the school|隔壁娃饿得吃猪食，大人打牌去了|can you help, my uncle touches my sister`,
		Violence: `he has knife|my husband hit me again|he beat me|my husband is in the next room and he hurt me badly|老闆揼我|佢踢門|老板强行抱我|他拿汽油泼我身上了|有枪|my son in law slap me and take my money|他说要烧我家房子|
			dad drunk again he throw my brother at the wall|the neighbour try to hit my mother with spade right now`,
		Fire: `fire fire come fast|火火火|燃了燃了|the kitchen has big fire|the hill burn now|我家起货了快点|挖机挖到燃气管了，呼呼地喷|我家燃气管漏了|闻到煤气味很重，阀门坏了关不上|it smells very strong of gas`,
		Medical: `孩子喝了消毒水|快，我孙子喝了消毒水|弟弟吃了干燥剂|孩子吃了一把降压药|個仔飲咗通渠水|細路食咗殺蟲水|the baby ate rat poison|my son drink some pills|grandma drank kerosene|我摔了，爬不起来|隔壁大爷摔了，起不来|
			我一个人在家，摔了，起不来，躺了一晚上了，不着急，有空来看看|阿媽仆咗，坐喺地下起唔返身|i fell and can't stand|grandma had a fall can not get up|隔壁老太太没反应了|我老公看不见东西了，突然的|my finger came off in the saw|i cut my leg with sickle, blood not stop`,
		Missing: `孩子不见了|老伴不见了|我爷爷不见了|八岁的女儿不见了|我孙女不知道跑哪去了|老豆仲未返屋企|我細佬唔知去咗邊|細路搵唔到人|个女唔见咗两日|我妈电话打不通一天了|my mother is nowhere to be found|my mother no come back two days|
			my mother was taken by a man|a stranger picked up my niece from kindergarten|somebody took my son|my father took the bus on Sunday and hasn't been heard of|我孙子坐错了车不知道到哪去了|我在一个不认识的地方，我九十一了`,
		Disaster: `地震！|堤破了|矿塌了|困𨋢|雪崩|淹了|house fall down|roof blown away|boat sink|stuck in well|water at chest|typhoon take our roof, baby is wet and cold, where we go`,
	} {
		for text := range strings.SplitSeq(texts, "|") {
			if text = strings.TrimSpace(text); offline.Crisis(text) == "" {
				t.Errorf("missed (%s): %s", kind, text)
			}
		}
	}
}

// TestPoliteCries: greetings, excuses and thanks around a cry for help hide none.
func TestPoliteCries(t *testing.T) {
	t.Parallel()
	_, offline := load(t)
	for text := range strings.SplitSeq(`社工大姐，手被打谷机卷进去了|你好请问一下，我爸一个人在家滑倒了，起不来|不好意思打扰一下，后山燃起来了，麻烦你了，谢谢|hello sir, he drink kerosene thank you|Thank you for the card. he has knife thank you|
		不好意思打扰一下，我老公从脚手架上掉下来了，人动不了|唔好意思打攪晒，老闆鎖住我，唔該晒|我係陳伯，隔籬漏石油氣，唔該晒|你好，厂里仓库炸了，不知道该找谁|sorry to bother you, grandpa is confused since the fall and one eye is bigger|
		excuse me please, the bridge broke, I don't know who to ask|喂你好，我是李村的，孩子便血好多，麻烦你了|姑娘，后山起火，谢谢你们|good morning, my grandson is missing, thanks|社工你好，老伴不见了，谢谢`, "|") {
		if text = strings.TrimSpace(text); offline.Crisis(text) == "" {
			t.Errorf("missed: %s", text)
		}
	}
	for text, want := range map[string]string{"你好，谢谢": "", "请问养老金几时发，谢谢": "", "喂你好，我是李村的，我家燃气管漏了": "我家燃气管漏了", "hello sir, he drink kerosene thank you": "he drink kerosene"} {
		got := ""
		if bare := fold(text).withoutCourtesy(); bare != nil {
			got = bare.text
		}
		if want != "" && got != want {
			t.Errorf("%s without courtesy is %q, want %q", text, got, want)
		}
		if want == "" && offline.Crisis(text) != "" {
			t.Errorf("%s is %s", text, offline.Crisis(text))
		}
	}
}

// TestOnlyLooksLikeDanger: of what is certain somebody else speaks who is in no danger: of animals and things, of what is over, kept
// safe or feared, and in words that mean something else.
func TestOnlyLooksLikeDanger(t *testing.T) {
	t.Parallel()
	_, offline := load(t)
	for text := range strings.SplitSeq(`我家鸡吃了老鼠药死了，邻居要不要赔|怕孩子误食老鼠药，想问怎么放安全|孩子喝了疫苗糖丸可以吃奶吗|消毒液在哪里领|电池回收点在哪|汽油涨价了，农机补贴有吗|my cat ate paint, is there a vet|
		去年摔断腿起不来，现在好了，能评残吗|牛摔断腿了站不起来，兽医电话有吗|老人腿脚不好，怕摔，能不能装扶手|I fell last year and can't stand for long, is there a benefit|my mother can't stand the noise|
		煤气罐阀门换一个多少钱|燃气表走得太快|燃气管道什么时候通到我们村|想装煤气报警器|gas line work starts when?|smells of petrol station near school, can it be moved?|货到了在家里取吗，家里起货了能帮搬吗|house fire insurance price|
		孩子没回家吃饭，在学校食堂吃|我儿子没回家过年，在深圳打工|老公还没下班，能不能晚上来|我妈不知道药放哪里了|孩子的作业找不到了|我妈找不到老花镜了|儿子找不到对象|孩子被老师接走参加比赛了|
		孩子找到了，在同学家，谢谢你们|my brother not come back to school this term, he got a job|my mother has not come home from hospital yet, she comes Friday, need a bed|My husband is missing a tooth, dentist?|
		my wallet is missing|grandma's phone disappeared|my son's dog is missing|我把存折丢了|老伴把手机不见了|我隻貓行失咗，有冇人見到|
		儿子砸门是小时候的事，现在乖了|老师打我电话没接到，能帮问问吗|老师打了我的分数太低|他要烧我们家旁边的荒草，能不能批|he hit me with a huge bill for the roof repair|he hit me up for money again, how do i make him pay back|
		水库要决算公示吗|井塌了好几年了，想重新打一口|the storm took our TV antenna|storm took my chicken coop roof, chickens fine, any compensation?|the wall is half washed, need paint|
		想自学考试，要怎么报名|在河边散步不回来吃饭了|楼顶漏水，太阳能也坏了|my father is not at home, come on Friday|喝多少水合适|I don't want to die, I just have a sore back|I don't want to live in the city|我唔系想寻死啊,想揾个律师|我爷爷去年喝农药走的，现在想问丧葬费怎么领`, "|") {
		if got := offline.Crisis(strings.TrimSpace(text)); got != "" {
			t.Errorf("%s is %s", strings.TrimSpace(text), got)
		}
	}
}

// TestRequired: what a match of an expression must have is known, so that no expression is left out that may match.
func TestRequired(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string][][]string{
		`a(?:bc|de)+f?`:     {{"a"}, {"bc", "de"}},
		`(?:x[yz]|q)?w{2,}`: {{"w"}},
		`[^a]b|c`:           {{"b", "c"}},
		`[吃喝]了?药[^，]酒`:      {{"吃了药", "吃药", "喝了药", "喝药"}, {"酒"}},
		`a?`:                nil,
	} {
		if got := required(expression); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s requires %q, want %q", expression, got, want)
		}
	}
	_, offline := load(t)
	matched := 0
	for line := range strings.Lines(string(criesFile[:min(len(criesFile), 40_000)])) {
		text := fold(line).text
		may := offline.crisis.hints.in(text)
		for i, c := range offline.crisis.sure {
			if !c.MatchString(text) {
				continue
			}
			if matched++; !slices.Contains(may, i) {
				t.Errorf("%s is left out for %q", regexp.QuoteMeta(c.String()), text)
			}
		}
	}
	if matched == 0 {
		t.Error("no expression matches any cry")
	}
}
