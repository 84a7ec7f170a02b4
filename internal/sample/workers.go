package sample

import (
	"bytes"
	"fmt"
	"strings"
)

// staff is how many workers ten stations in a row have: 940 at 200 stations.
var staff = [...]int{5, 4, 5, 4, 6, 5, 4, 5, 4, 5}

// The parts of names. Their numbers have no common divisor, so that no two workers have the same name.
var (
	surnames = strings.Fields(`陈 李 黄 张 梁 林 刘 吴 罗 杨 何 郑 谢 周 叶 曾 邓 彭 潘 钟 赖 蔡 冯 苏 卢 廖 许 邱 江 邹
		谭 温 古 丘 余 朱 徐 王 麦 区 莫 庄 詹 翁 方 欧阳 植`)
	givenNames = strings.Fields(`秀英 建国 丽华 志强 美玲 伟明 小红 国平 燕芳 俊杰 玉珍 海涛 晓敏 文辉 淑贞 家豪 慧仪 永康
		彩霞 子轩 春梅 振华 雪芬 锦添 婉婷 柏林 月娥 少华 敏仪 泽凯 惠兰 嘉欣 广生 桂芳 浩然 思敏 炳坤 佩珊 立新 素云
		梓晴 耀宗 冬梅 天佑 洁莹 木荣 佳宜 学文 凤娇 水生 诗韵 德明 细妹 宏达 映雪 土养 曼琪 启航 若兰 庆生 晓彤`)
)

// fields are what workers have specialised in, after the fields of social work; nothing means everything.
var fields = strings.Fields(`- elderly_disabled_care;health child_protection;education - poverty_relief;social_security
	conflict_resolution;legal_rights - employment;workers_rights health;public_security -`)

// Workers are 940 workers, made from the stations: four to six at each, the first of them its supervisor. They are
// the same at every call, and have no telephone numbers.
func Workers() []byte {
	out := bytes.NewBufferString("code,name,station,role,phone,specialties\n")
	n := 0
	for i, station := range stationCodes() {
		for nth := range staff[i%len(staff)] {
			role, field := "worker", strings.Trim(fields[n%len(fields)], "-")
			if nth == 0 {
				role, field = "supervisor", ""
			}
			name := surnames[n%len(surnames)] + givenNames[n%len(givenNames)]
			fmt.Fprintf(out, "w-%s-%d,%s,%s,%s,,%s\n", strings.TrimPrefix(station, "st-"), nth+1, name, station, role, field)
			n++
		}
	}
	return out.Bytes()
}

// stationCodes are the first column of the stations.
func stationCodes() []string {
	var codes []string
	for line := range bytes.Lines(stations) {
		code, _, _ := strings.Cut(string(line), ",")
		codes = append(codes, code)
	}
	return codes[1:] // behind the header
}
