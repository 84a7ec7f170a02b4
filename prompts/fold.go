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
馬马駕驾駛驶騎骑騙骗騷骚驗验髮发鬧闹魚鱼鮮鲜鳥鸟鴨鸭鵝鹅鹽盐麥麦黃黄齊齐齒齿龍龙龜龟攰累嘥嘥喺在嘅的咗了唔不冇没佢他哋们嚟来嘢事乜什睇看瞓睡搵找畀给俾给
籬篱煙烟貼贴網网讀读傾倾闆板枱台頸颈燭烛沖冲極极夠够廚厨竇窦噴喷捱挨銀银撳揿膠胶償偿諗谂紹绍癲癫樑梁鑊镬閂闩滾滚閘闸藍蓝麵面颱台燙烫癡痴遊游繩绳靚靓錶表鋸锯蟻蚁綁绑攬揽籠笼鍾钟褲裤餵喂盞盏嬸婶脈脉託托囑嘱賽赛練练湧涌飄飘蹤踪矇蒙綜综粵粤蠅蝇
淥渌撈捞閣阁衞卫鏽锈稈秆鬆松側侧撐撑蕩荡礙碍樁桩穀谷徵征鋤锄緒绪夢梦嚨咙鷹鹰潑泼捲卷剝剥紮扎剷铲脫脱採采齡龄魷鱿鑑鉴麼么轟轰贍赡鷺鹭榮荣氈毡鉗钳錫锡滯滞壽寿殮殓遞递營营覽览囪囱歷历詐诈糾纠鑽钻築筑滲渗痾疴嬤嬷攪搅鏟铲鏹镪鎚锤篤笃鏈链勻匀鯁鲠
軋轧姦奸兇凶銹锈轆辘嗶哔疊叠鈍钝謂谓糭粽痠酸誕诞襪袜緬缅鴿鸽誼谊桿杆鳴鸣於于鈴铃褸褛靈灵頁页鞦秋韆千簾帘縱纵箏筝註注摺折蝕蚀餿馊蠔蚝蠟蜡剋克債债嗆呛輾辗鐮镰垻坝駝驼鷂鹞饒饶膿脓瀨濑蓮莲灑洒蜆蚬颳刮辮辫鸞鸾駁驳竄窜髖髋潛潜龕龛窩窝勳勋紗纱釘钉
蔥葱棗枣鎌镰鴉鸦鯽鲫盡尽徹彻塗涂瀝沥窯窑繪绘渾浑鑿凿錦锦閻阎撲扑殯殡範范壺壶囉啰瘡疮膚肤濾滤謎谜銅铜餌饵鱗鳞擱搁鮑鲍贖赎臍脐闊阔縫缝卹恤蹟迹鑼锣騮骝獵猎盪荡齣出遙遥韓韩繫系槓杠佔占俠侠製制鍍镀籤签併并丟丢瞞瞒賤贱訟讼厠厕佈布侖仑侶侣侷局俬私
倆俩倖幸偵侦傑杰傘伞傢家僑侨僕仆僞伪僥侥儁俊儈侩儉俭儘尽兌兑冪幂凈净凜凛剮剐劊刽劍剑勛勋匯汇卽即厤历叄叁叢丛吶呐呂吕唸念啓启喫吃喬乔喲哟嘯啸噁恶噓嘘噸吨噹当嚐尝嚙啮嚥咽嚮向囂嚣囌苏埰采堯尧塢坞塹堑墮堕墰坛墻墙墾垦壘垒壜坛夥伙奬奖妝妆娛娱婁娄
嬌娇孃娘孿孪寀采寢寝屜屉屢屡峯峰崑昆崙仑嵗岁嶄崭嶼屿嶽岳巋岿巒峦巖岩幀帧幟帜廂厢廄厩廕荫弔吊彆别彔录彙汇彥彦彫雕彿佛恆恒恥耻悅悦悽凄慄栗慚惭慫怂慮虑慼戚慾欲憊惫憚惮憫悯憶忆懞蒙懶懒懾慑挾挟捨舍掄抡搗捣摟搂摳抠摻掺撣掸撻挞撾挝擣捣擯摈擲掷擻擞
攆撵攙搀攝摄攢攒攣挛敍叙敎教斃毙旂旗旣既昇升晉晋曏向朮术枴拐柵栅柺拐査查棊棋棲栖楓枫榘矩榦干槳桨樞枢橢椭檯台檸柠檻槛櫥橱櫻樱欽钦歎叹殭僵殲歼殻壳氫氢氾泛汎泛汙污泝溯洩泄洶汹淒凄淩凌淪沦淵渊渙涣渦涡溼湿滄沧滌涤滙汇滬沪滷卤漚沤漣涟漬渍澀涩澆浇
澇涝澗涧澱淀濘泞濛蒙濤涛濫滥濰潍濱滨瀋沈瀕濒瀰弥瀾澜灕漓灤滦烴烃煥焕熒荧熾炽燦灿燬毁燴烩燻熏燼烬爍烁爲为牀床犢犊狹狭狽狈猙狰猶犹獃呆獰狞獺獭獻献琱雕琺珐瑣琐瑤瑶瑩莹瓊琼甕瓮産产甦苏甯宁畵画疇畴痙痉瘍疡瘓痪瘧疟癒愈癟瘪癥症癬癣癰痈皁皂皚皑盃杯
眞真睏困矯矫硃朱硯砚碩硕礆硷礫砾礬矾祕秘祿禄禦御禱祷稅税稜棱穎颖穢秽穫获窪洼窺窥竅窍竈灶竪竖箇个箋笺篩筛簍篓簑蓑籮箩粧妆糰团紉纫紐纽紡纺紳绅絃弦絆绊絛绦絞绞絢绚絨绒絶绝絹绢綉绣綏绥綑捆綢绸綫线綳绷綴缀綵彩綸纶綻绽綽绰綿绵緑绿緘缄緝缉緞缎締缔
緯纬緻致縛缚縧绦縴纤縷缕繃绷繕缮繞绕繡绣繭茧繹绎纍累纏缠纓缨纔才纖纤纜缆缽钵罈坛罎坛羣群羨羡翫玩翹翘聰聪聳耸聶聂脅胁脣唇脩修膩腻臥卧臺台舘馆艦舰艷艳茲兹荊荆莖茎莢荚菸烟萊莱葦苇葯药葷荤蒐搜蒼苍蓆席蔔卜蔘参蔣蒋蔭荫蕪芜蕭萧薊蓟薑姜薔蔷薩萨薹苔
藴蕴藹蔼蘊蕴蘿萝虜虏蛻蜕蝨虱蝸蜗螞蚂螢萤蟄蛰蟬蝉蠍蝎蠱蛊蠻蛮衆众衊蔑衕同衚胡衹只襖袄襬摆襲袭覈核覓觅訃讣訖讫訛讹訝讶訣诀証证詛诅詣诣詫诧詭诡誅诛誇夸誌志誘诱誡诫誣诬誦诵誨诲誰谁誹诽諄谆諒谅諜谍諧谐諮咨諱讳諷讽諺谚諾诺謄誊謅诌謗谤謙谦謡谣謬谬
謹谨謾谩譁哗譏讥譚谭譟噪譭毁譴谴譽誉讒谗讕谰讚赞豈岂豎竖豔艳貞贞貢贡貫贯貯贮貳贰貶贬貿贸賂赂賃赁賄贿賈贾賒赊賜赐賞赏賦赋賺赚贅赘贊赞贓赃贛赣贜赃趙赵趨趋跡迹踰逾踴踊躊踌躥蹿軀躯軒轩軸轴輓挽輝辉輥辊輩辈輯辑輻辐輿舆轅辕轍辙轎轿辯辩迴回週周遜逊
遡溯邁迈邏逻鄒邹鄖郧鄧邓鄲郸醖酝醜丑醞酝醣糖釁衅釐厘釦扣釩钒釺钎鈅钥鈉钠鈎钩鈕钮鈞钧鈡钟鈣钙鈾铀鉀钾鉅巨鉆钻鉑铂鉚铆鉢钵鉸铰鉻铬銑铣銘铭銜衔銥铱銳锐銻锑鋁铝鋅锌鋇钡鋒锋鋭锐錐锥錘锤錠锭錨锚録录錳锰鍁锨鍊炼鍘铡鍛锻鍬锹鍵键鍺锗鍼针鎂镁鎊镑鎢钨
鎬镐鎭镇鎳镍鏇旋鐐镣鐳镭鑄铸鑲镶鑷镊閏闰閑闲閡阂閤合閥阀閨闺閩闽閲阅閹阉闇暗闌阑闖闯闡阐闢辟陝陕陞升隕陨隴陇雖虽雛雏霑沾鞏巩韋韦韌韧韻韵頃顷頌颂頒颁頗颇頤颐頰颊頹颓頽颓顆颗顔颜顛颠顫颤顱颅顴颧飾饰餃饺餒馁餞饯餡馅餬糊餾馏饋馈饑饥饞馋馭驭馱驮
馳驰馴驯駐驻駒驹駡骂駭骇駱骆駿骏騁骋騰腾騾骡驅驱驕骄驟骤驢驴骯肮鬍胡鬚须鬨哄魯鲁鯉鲤鯨鲸鰓鳃鱉鳖鴕鸵鴛鸳鴦鸯鴻鸿鵑鹃鵬鹏鵰雕鵲鹊鶴鹤鷄鸡鷗鸥鹵卤鹼碱麪面麫面麯曲麴曲麽么黴霉鼕冬齧啮齲龋龐庞龔龚`)

// pairs reads a table of characters of the block, each followed by what it becomes.
func pairs(table string) (forms [lastHan - firstHan + 1]rune) {
	runes := []rune(strings.Join(strings.Fields(table), ""))
	for i := 0; i+1 < len(runes); i += 2 {
		forms[runes[i]-firstHan] = runes[i+1]
	}
	return forms
}
