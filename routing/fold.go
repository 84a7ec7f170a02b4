package routing

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold makes different writings of a name the same: simplified characters, normal width, lower case, single
// spaces, no apostrophes.
func fold(text string) string {
	text = strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(text, "")))
	return strings.Join(strings.Fields(simplify.Replace(text)), " ")
}

// simplify turns the traditional characters that are common in names of places into simplified ones.
var simplify = simplifier(`
	從从區区鎮镇縣县鄉乡廣广東东陽阳雲云豐丰興兴龍龙門门灣湾崗岗樹树橋桥頭头嶺岭長长車车馬马鳳凤華华寶宝羅罗連连遠远慶庆湧涌
	潯浔關关電电開开爾尔來来蓮莲萬万澤泽豬猪灘滩衆众眾众莊庄園园壩坝廈厦圍围瀝沥濱滨漁渔鹽盐島岛幫帮團团結结會会員员辦办處处
	國国鐵铁紅红綠绿蘇苏義义榮荣勝胜場场溫温黃黄楊杨張张陳陈劉刘鄧邓鍾钟吳吴葉叶趙赵謝谢鄭郑馮冯許许韓韩鄒邹龐庞顏颜聶聂贛赣
	瓊琼貴贵寧宁濟济滬沪漢汉陝陕肅肃遼辽蘭兰無无錫锡紹绍貢贡廟庙塢坞溝沟澗涧灤滦濰潍煙烟臺台蔭荫蘆芦薊蓟蕪芜蘿萝衛卫衝冲
	詔诏諸诸賓宾賀贺趕赶鄖郧鄲郸釣钓銅铜銀银鋼钢錦锦鎖锁鏡镜閩闽閘闸陸陆隴陇隨随雞鸡霧雾靈灵順顺領领飛飞饒饶駱骆騰腾
	鯉鲤鳥鸟鶴鹤鷹鹰麥麦龜龟樂乐雙双單单喬乔塵尘墾垦壽寿夾夹學学專专導导層层嶽岳巖岩幹干廠厂彙汇後后戲戏戶户撈捞敘叙數数舊旧
	時时暉晖曉晓書书權权棗枣極极楓枫樓楼機机檳槟櫃柜歐欧歷历沖冲滙汇潤润瀾澜爐炉獅狮瑪玛畢毕當当
	盤盘硯砚碼码礦矿禮礼種种穀谷積积窯窑竈灶築筑籬篱紙纸線线緣缘縱纵罈坛罷罢聖圣聯联職职膠胶艷艳茲兹萊莱葦苇蒼苍蓋盖
	蔥葱薩萨蟲虫裡里裏里觀观訊讯譚谭貝贝財财買买資资賢贤賴赖躍跃輝辉輪轮農农邊边郵邮`)

// simplifier reads pairs of a traditional and a simplified character. It drops apostrophes too: Lu'an is Luan.
func simplifier(pairs string) *strings.Replacer {
	list := []string{"'", "", "’", ""}
	for _, line := range strings.Fields(pairs) {
		for line != "" {
			_, first := utf8.DecodeRuneInString(line)
			_, second := utf8.DecodeRuneInString(line[first:])
			list = append(list, line[:first], line[first:first+second])
			line = line[first+second:]
		}
	}
	return strings.NewReplacer(list...)
}
