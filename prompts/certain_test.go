package prompts

import (
	"strings"
	"testing"
)

// TestCertain: a child or an old person who is lost, poison from spraying, and the wish to die in grief are heard in the ways in which
// people say them, whatever experience says.
func TestCertain(t *testing.T) {
	t.Parallel()
	_, offline := load(t)
	for kind, texts := range map[Crisis]string{
		Missing: `lost my granddaughter at the market|I lost my grandson in the crowd|my granddaughter is lost at the fair, she is four|we lost our little boy at the bus station|lost my little girl in the market|
			I have lost my mother, she has dementia|my grandma with dementia walked away|my father with alzheimer's has not come back|lost my grandpa at the hospital, he doesn't know the way home|I can't find my grandson at the market|
			my kid got lost in town|I've lost my son in the supermarket|my grandson got lost at the temple fair please help|can't find my daughter anywhere|孙女在集市上走丢了|我把孙子弄丢了|赶集把孩子弄丢了|孩子在市场找不着了|
			老人家痴呆走出去没回来|我妈老年痴呆不见了|老头子糊涂了，出去就没回来|带孙女赶集一转眼就不见了|爷爷在镇上走散了|孙子一转眼找不到了，快帮忙|细路喺街市唔見咗|我個孫女喺街市唔見咗|
			阿婆有腦退化，行咗出去搵唔到|阿爺老人痴呆，唔見咗人|同個仔行街行散咗|阿嫲腦退化行咗出去未返|孩子和书包都不见了|手机丢了，孩子也不见了|孩子带着手机走丢了|带着狗上山走丢了|
			I lost my kid|we lost our kids, help|小明骑车不见了|小明騎單車唔見咗|阿强骑电动车出去不见了`,
		Medical: `打完农药头晕恶心|打药回来一直吐|喷完农药头晕想吐|刚打完除草剂，人发晕|我爸打农药中了毒|下地打药，回来嘴发麻手发抖|老公喷农药晕过去了|头晕想吐，刚打了农药|噴完農藥頭暈作嘔|打完農藥成身冇力，想嘔|
			阿爸噴藥返嚟嘔到死死下|我老婆噴完除草劑之後嘔，仲手震|農藥中毒呀|sprayed pesticide and now dizzy and sick|my husband sprayed the field and now he is vomiting|after spraying pesticide I feel dizzy|
			he got pesticide in his mouth and is shaking|feel sick after spraying the orchard|my dad is poisoned by the pesticide he sprayed|dad is vomiting and shaking after spraying weedkiller|
			救护车找不到地方快来|叫了救护车一个小时了还没到|叫咗白車仲未到|the ambulance can't find our house`,
		Suicide: `老公死了我也不想过了|老伴走了，我也不想活了|老婆没了，我也跟她去算了|儿子死了，我活着还有啥意思|老头子走了，我一个人过不下去了|娘走了我也想跟着去|我想跟他一起走|他走了，我也不想过了|男人没了，我过不下去了|
			老公去年死了，我也不想过了|老公死咗我都唔想做人|老婆走咗，我都唔想過落去|個仔死咗，我生存仲有咩意思|阿媽走咗，我都想跟佢去|my husband died and I don't want to go on|my wife is gone, I want to follow her|
			since my son died I have nothing to live for|my husband is dead, I want to be with him|my wife died and I don't want to be here anymore|without him I can't go on living|my son is dead and I can't go on`,
	} {
		for text := range strings.SplitSeq(texts, "|") {
			if text = strings.TrimSpace(text); offline.Crisis(text) == "" {
				t.Errorf("missed (%s): %s", kind, text)
			}
		}
	}
}

// TestNothingIsCertain: what is lost and nobody, how pesticide is kept, and what a death brings with it are ordinary needs.
func TestNothingIsCertain(t *testing.T) {
	t.Parallel()
	_, offline := load(t)
	for text := range strings.SplitSeq(`lost my ID card at the market|lost my phone at the market|I lost my dog at the market|lost my granddaughter's vaccination book|I lost my granddaughter's school bag at the market|lost my wallet in the bus station|
		lost my job at the market|I lost my mother last year, how do I stop her pension|I lost my husband two years ago, is there a widow's allowance|my son lost his ID card in town|lost my bank card, where can I get a new one|
		can't find my son a job|can't find my daughter's birth certificate|lost my husband's pension book|we lost our mother in the spring, what about her land|I lost my grandmother to cancer last year and want to know about the funeral allowance|
		how do I store pesticide|how should I store pesticides safely|where can I take empty pesticide bottles|is there a training on spraying pesticide|do I need a mask when spraying pesticide|the vegetables have too much pesticide|
		is it safe after spraying pesticide|what are the signs of pesticide poisoning|the pesticide made my bees sick|my cows are sick after the neighbour sprayed|my husband died last year, how do I get the death certificate|
		my husband died, how do I get the funeral allowance|my wife died last month, can I have her pension|my father passed away, what happens to his land|since my husband died I live alone, can somebody cook for me|
		my husband died and I can't go on with the farm alone, can I rent out the land|my mother died and I want to go to her grave|after my father died I don't want to live in the old house|
		身份证在集市上弄丢了|手机在市场丢了|赶集把钱包弄丢了|我家的狗在集市走丢了|孙女的书包在市场丢了|孩子的疫苗本弄丢了|户口本不见了怎么补|我妈的老年卡不见了|孩子找不到工作|老人走失手环在哪里领|老年痴呆症有补贴吗|
		昨天我说孩子不见了，其实在外婆家睡着了，已经接回来|农药怎么存放|农药瓶子扔哪里|打农药要戴口罩吗|打药机去哪里借|农药补贴怎么领|喷农药会中毒吗|邻居打农药味道大，头晕|打了疫苗头晕正常吗|果树打药后叶子发黄|
		老公死了怎么办死亡证明|老公去年死了，丧葬费怎么领|老伴走了，抚恤金怎么领|儿子死了，低保还能领吗|老公没了，我一个人带孩子，有补助吗|老公不想过了要离婚|我也不想过年了|老公不在了，我不想过去住|
		孩子爸走了，孩子跟着他去广州读书|身份證喺街市唔見咗|部電話喺街市唔見咗|隻狗唔見咗|孫女本針卡唔見咗|架單車喺街市唔見咗|農藥點樣擺放|噴農藥要唔要戴口罩|老公死咗，點樣攞死亡證|老公舊年死咗，殮葬費點領|唔想做呢份工|
		我骑来的单车不见了|骑车来赶集，手机不见了|救护车费用怎么报销|lost my kid's school card`, "|") {
		if got := offline.Crisis(strings.TrimSpace(text)); got != "" {
			t.Errorf("%s is %s", strings.TrimSpace(text), got)
		}
	}
}

// TestSomebodyWithThings: who is lost with an animal or a thing, at a place that is called after one, or has a name like one, is somebody.
func TestSomebodyWithThings(t *testing.T) {
	t.Parallel()
	_, offline := load(t)
	for text := range strings.SplitSeq(`老伴骑电动车出去找不到了|老头放羊走丢了|老伴去放牛不见了|我丈夫开车出去不见了|学生骑车走丢了|有个学生在车站不见了|老伴在车站走丢了|五岁的羊羊走丢了|我老汉放牛走丢了|
		嫲嫲落车之后唔见咗|老太太赶集坐车走丢了|囡囡在车站走丢了|妞妞在车站走丢了|我媳妇骑车出去不见了|我外甥骑车出去不见了|孕妇在车站走丢了|我们班小明下车就不见了|小红坐车走丢了|我外父去放牛唔見咗|
		我先生揸車出去搵唔到|丫头坐车走丢了|老伴拿着钱包走丢了|老伴找牛走丢了|牛车翻了老汉不见了|小车落水不见了`, "|") {
		if text = strings.TrimSpace(text); offline.Crisis(text) == "" {
			t.Errorf("missed: %s", text)
		}
	}
	for text := range strings.SplitSeq(`我家牛昨天走丢了|三只羊走丢了|我的电动车不见了|我家水牛走丢了|老伴的手机不见了|孙子的单车不见了|钥匙丢了进不去门`, "|") {
		if got := offline.Crisis(text); got != "" {
			t.Errorf("%s is %s", text, got)
		}
	}
}

// TestCertainIsStrict: an expression that can't be read is known at the start.
func TestCertainIsStrict(t *testing.T) {
	t.Parallel()
	things := "things: {lost: a, whose: b, somebody: c}\n"
	for rules, fine := range map[string]bool{
		things: true,
		things + "words: {x: 'a|b'}\ncertain: {fire: ['{x}c']}": true,
		things + "certain: {fire: ['(']}":                       false,
		"things: {lost: a, whose: b}":                           false,
	} {
		if _, err := newDetector([]byte(rules)); (err == nil) != fine {
			t.Errorf("%q: %v", rules, err)
		}
	}
}
