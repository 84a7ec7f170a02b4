package prompts

import (
	"runtime"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxRunes of a message are read to find out which service is meant; the rest of a longer one would not change that.
// Danger is looked for in all of it.
const maxRunes = 2000

// folded is text made comparable: full-width and compatibility forms normalised, lower case, traditional
// characters simplified, white space single.
type folded struct {
	text  string
	runes []rune
}

// Fold makes texts comparable for whoever looks for words in them: one width, one case, one script of Chinese, single spaces.
func Fold(text string) string { return fold(text).text }

func fold(text string) *folded {
	f := &folded{runes: make([]rune, 0, min(len(text), maxRunes))}
	space := true
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(text, "")) {
		switch {
		case unicode.IsSpace(r):
			if !space {
				f.runes = append(f.runes, ' ')
			}
			space = true
			continue
		case unicode.In(r, unicode.Cf, unicode.Cc):
			continue
		case r == '’':
			r = '\''
		}
		f.runes = append(f.runes, simplified(unicode.ToLower(r)))
		space = false
	}
	f.text = string(f.runes)
	return f
}

// foldAll folds texts on all processors.
func foldAll(texts []string) []*folded {
	all := make([]*folded, len(texts))
	parts := runtime.GOMAXPROCS(0)
	var folding sync.WaitGroup
	for part := range parts {
		folding.Go(func() {
			for i := part * len(texts) / parts; i < (part+1)*len(texts)/parts; i++ {
				all[i] = fold(texts[i])
			}
		})
	}
	folding.Wait()
	return all
}

// letters are the letters and digits of a short text; of a long one none.
func (f *folded) letters() string {
	if len(f.runes) > longestPart {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, f.text)
}

// head is the first maxRunes characters of text.
func head(text string) string {
	n := 0
	for i := range text {
		if n == maxRunes {
			return text[:i]
		}
		n++
	}
	return text
}

func (f *folded) hasAny(words []string) bool {
	for _, word := range words {
		if strings.Contains(f.text, word) {
			return true
		}
	}
	return false
}

// hasWord tells whether any of the words is in the text; in Latin script not as a part of another word.
func (f *folded) hasWord(words []string) bool {
	for _, word := range words {
		whole := sign{parts: []string{word}}
		for offset, rest := 0, f.text; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			if whole.matches(f.text, offset+i) > 0 {
				return true
			}
			offset, rest = offset+i+len(word), rest[i+len(word):]
		}
	}
	return false
}

// simplified is the simplified form of a traditional character, or the character itself.
func simplified(r rune) rune {
	if r < firstHan || r > lastHan {
		return r
	}
	if s := simpleForms[r-firstHan]; s != 0 {
		return s
	}
	return r
}

// The block of Unicode that common Chinese characters are in.
const firstHan, lastHan = 0x4E00, 0x9FFF

// simpleForms are what common traditional characters, and the Hong Kong forms of some, are simplified to; 0 for all others.
var simpleForms = pairs(`
萬万與与專专業业東东絲丝兩两嚴严喪丧個个豐丰臨临為为麗丽舉举義义烏乌樂乐習习鄉乡書书買买亂乱爭争虧亏雲云亞亚產产畝亩親亲億亿僅仅從从倉仓儀仪們们價价眾众優优會会偉伟傳传傷伤倫伦偽伪體体餘余傭佣僱雇儲储兒儿
黨党蘭兰關关興兴養养獸兽內内岡冈冊册寫写軍军農农馮冯衝冲決决況况凍冻淨净涼凉減减湊凑幾几鳳凤憑凭凱凯擊击劃划劉刘則则剛刚創创刪删別别剎刹劑剂劇剧勸劝辦办務务動动勵励勁劲勞劳勢势勝胜區区醫医華华協协單单賣卖盧卢
衛卫卻却廠厂廳厅曆历厲厉壓压厭厌廁厕廈厦縣县參参雙双發发變变敘叙葉叶號号嘆叹籲吁嚇吓嗎吗啟启吳吴嘔呕員员嗚呜詠咏鹹咸響响啞哑嘩哗喚唤嘗尝嘍喽團团園园圍围國国圖图圓圆聖圣場场壞坏塊块堅坚壇坛壩坝墳坟墜坠壟垄
墊垫牆墙壯壮聲声殼壳處处備备復复複复頭头夾夹奪夺奮奋獎奖奧奥婦妇媽妈嬰婴孫孙學学寧宁寶宝實实寵宠審审憲宪宮宫寬宽賓宾對对尋寻導导將将爾尔塵尘嘗尝屆届屍尸層层屬属歲岁島岛嶺岭崗岗峽峡幣币帥帅師师帳帐帶带幫帮
幹干乾干並并廣广莊庄慶庆廬庐庫库應应廟庙廢废開开異异棄弃張张彌弥彎弯彈弹強强歸归當当錄录徑径後后憂忧懷怀態态憐怜總总戀恋懇恳惡恶惱恼懸悬驚惊懼惧慘惨懲惩慣惯憤愤願愿戲戏戰战戶户執执擴扩掃扫揚扬擾扰撫抚拋抛搶抢
護护報报擔担擬拟攏拢揀拣擁拥攔拦擰拧撥拨擇择掛挂摯挚撓挠擋挡掙挣擠挤揮挥損损撿捡換换據据擄掳擺摆搖摇攤摊攜携敵敌斂敛數数齋斋鬥斗斬斩斷断無无舊旧時时曠旷晝昼顯显曉晓曬晒暈晕暫暂術术樸朴機机殺杀雜杂權权條条來来楊杨
構构槍枪標标棧栈棟栋欄栏樹树樣样橋桥檔档櫃柜檢检樓楼橫横歡欢歐欧殘残毆殴毀毁畢毕氣气漢汉湯汤溝沟沒没灘滩滅灭濕湿滿满漁渔灣湾溫温準准濟济濃浓涉涉測测漿浆潔洁瀉泻濺溅淺浅澤泽濁浊漲涨淚泪潤润漸渐潰溃災灾燈灯爐炉
炮炮點点煉炼爛烂煩烦燒烧熱热愛爱爺爷牽牵犧牺狀状獨独獄狱獅狮獎奖獲获豬猪貓猫現现環环瑪玛電电畫画暢畅療疗瘋疯癮瘾癱瘫癢痒皺皱盜盗監监蓋盖盤盘著着睜睁矚瞩礦矿碼码磚砖礎础確确禮礼禍祸離离禿秃種种積积稱称穩稳窮穷
竊窃競竞筆笔筍笋籌筹簡简籃篮簽签類类糧粮糞粪緊紧紅红約约級级紀纪紙纸純纯納纳紛纷紋纹綱纲線线組组細细織织終终經经結结給给絡络絕绝統统繼继績绩續续維维綠绿緩缓編编緣缘縮缩繳缴罵骂罰罚罷罢羅罗聯联聽听聾聋職职聯联
肅肃腸肠腫肿脹胀腎肾腦脑腳脚臉脸膽胆臟脏髒脏臘腊艙舱艱艰藝艺節节蘆芦蘇苏蘋苹藥药薦荐虛虚蟲虫蝦虾蠶蚕補补裝装襯衬見见觀观規规視视覺觉觸触計计訂订認认討讨讓让訓训議议訊讯記记講讲許许論论設设訪访證证評评識识訴诉
診诊詞词譯译試试詩诗誠诚話话詢询該该詳详語语誤误説说說说請请諸诸課课調调談谈謀谋謊谎謝谢謠谣譜谱貝贝負负財财責责賢贤敗败貨货質质販贩貪贪貧贫購购貴贵貸贷費费賀贺賊贼資资賭赌賠赔賬账賴赖贈赠贏赢趕赶躍跃踐践車车
軌轨軟软轉转輪轮輕轻載载較较輔辅輛辆輸输轄辖辭辞邊边遼辽達达遷迁過过運运還还這这進进遠远違违連连遲迟適适選选遺遗郵邮鄰邻鄭郑醬酱釀酿釋释裡里裏里鑒鉴針针釣钓鈔钞鐘钟鋼钢鑰钥鉤钩錢钱鐵铁鉛铅鋪铺銷销鎖锁鍋锅錯错
鎮镇鏡镜長长門门閃闪閉闭問问間间閒闲悶闷聞闻閱阅隊队陽阳陰阴陣阵階阶際际陸陆陳陈險险隨随隱隐隸隶難难雞鸡霧雾靜静頂顶項项順顺須须頑顽顧顾頓顿預预領领頻频題题顏颜額额風风飛飞飢饥飯饭飲饮飼饲飽饱餅饼餓饿館馆饅馒
馬马駕驾駛驶騎骑騙骗騷骚驗验髮发鬧闹魚鱼鮮鲜鳥鸟鴨鸭鵝鹅鹽盐麥麦黃黄齊齐齒齿龍龙龜龟攰累嘥嘥喺在嘅的咗了唔不冇没佢他哋们嚟来嘢事乜什睇看瞓睡搵找畀给俾给`)

// pairs reads a table of characters of the block, each followed by what it becomes.
func pairs(table string) (forms [lastHan - firstHan + 1]rune) {
	runes := []rune(strings.Join(strings.Fields(table), ""))
	for i := 0; i+1 < len(runes); i += 2 {
		forms[runes[i]-firstHan] = runes[i+1]
	}
	return forms
}
