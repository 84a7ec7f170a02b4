package routing

import (
	"slices"
	"sort"
	"strings"
	"unicode"
)

// names finds places by what people call them.
type names struct {
	full  map[string][]*Place // the name as it stands, and close forms of it, that name a place in a sentence
	stems map[string][]*Place // without the ending: 太平 for 太平镇; enough when typed alone or beside its county
	most  int                 // characters of the longest
}

func newNames() names {
	return names{full: map[string][]*Place{}, stems: map[string][]*Place{}}
}

// endings are what a place's name ends in, longer ones first. A stem has at least two characters.
var endings = []string{"村民委员会", "居民委员会", "街道办事处", "村委会", "居委会", "自治县", "街道", "社区", "省", "市", "区", "县", "镇", "乡", "村"}

// ordinary are names and stems that are also words of everyday speech, and so name no place in a sentence.
var ordinary = map[string]bool{"城区": true, "郊区": true, "新区": true, "和平": true, "新兴": true, "光明": true, "新村": true,
	"平安": true, "团结": true, "中国": true, "城市": true, "农村": true, "本村": true, "我村": true, "全村": true, "乡村": true}

func (n *names) add(p *Place) {
	full, stems := forms(p)
	for _, form := range full {
		n.put(n.full, form, p)
	}
	for _, form := range stems {
		n.put(n.stems, form, p)
	}
}

func (n *names) put(m map[string][]*Place, form string, p *Place) {
	if !slices.Contains(m[form], p) {
		m[form] = append(m[form], p)
	}
	n.most = max(n.most, len([]rune(form)))
}

// forms are the ways to say a place's name: those that name it anywhere, and those that need company.
func forms(p *Place) (full, stems []string) {
	name := fold(p.Name)
	full = append(full, name)
	if stem, ending := splitEnding(name); stem != "" {
		switch {
		case p.depth() <= slices.Index(levels, "county"):
			full = append(full, stem)
		case ending == "村委会" || ending == "村民委员会":
			full = append(full, strings.TrimSuffix(stem, "村")+"村")
			stems = append(stems, strings.TrimSuffix(stem, "村"))
		default:
			stems = append(stems, stem)
		}
	}
	if en := fold(p.NameEN); en != "" {
		full = append(full, en)
		if stem, _, found := cutLast(en); found {
			stems = append(stems, stem)
			if p.depth() <= slices.Index(levels, "county") {
				full = append(full, stem)
			}
		}
	}
	return full, stems
}

// cutLast splits off the last word of an English name: Taiping of Taiping Town.
func cutLast(name string) (stem, last string, found bool) {
	i := strings.LastIndexByte(name, ' ')
	if i < 0 {
		return "", "", false
	}
	return name[:i], name[i+1:], true
}

// splitEnding takes a name's ending off; the stem is empty when it would be a single character.
func splitEnding(name string) (stem, ending string) {
	for _, ending := range endings {
		if stem, ok := strings.CutSuffix(name, ending); ok && len([]rune(stem)) >= 2 {
			return stem, ending
		}
	}
	return "", ""
}

// fold makes different writings of a name the same: simplified characters, lower case, single spaces.
func fold(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(simplify.Replace(name))), " ")
}

// simplify turns the traditional characters that are common in names of places into simplified ones.
var simplify = strings.NewReplacer("從", "从", "區", "区", "鎮", "镇", "縣", "县", "鄉", "乡", "廣", "广", "東", "东", "陽", "阳", "雲", "云",
	"豐", "丰", "興", "兴", "龍", "龙", "門", "门", "灣", "湾", "崗", "岗", "樹", "树", "橋", "桥", "頭", "头", "嶺", "岭", "長", "长", "車", "车",
	"馬", "马", "鳳", "凤", "華", "华", "寶", "宝", "羅", "罗", "興", "兴", "連", "连", "遠", "远", "慶", "庆", "湧", "涌", "潯", "浔", "韶關", "韶关",
	"關", "关", "電", "电", "開", "开", "爾", "尔", "惠來", "惠来", "來", "来", "蓮", "莲", "萬", "万", "澤", "泽", "豬", "猪", "灘", "滩", "衆", "众",
	"眾", "众", "莊", "庄", "園", "园", "壩", "坝", "塘廈", "塘厦", "廈", "厦", "圍", "围", "瀝", "沥", "濱", "滨", "漁", "渔", "鹽", "盐", "島", "岛",
	"幫", "帮", "團", "团", "結", "结", "會", "会", "員", "员", "辦", "办", "處", "处", "國", "国", "鐵", "铁", "紅", "红", "綠", "绿", "蘇", "苏",
	"義", "义", "榮", "荣", "勝", "胜", "場", "场", "溫", "温", "黃", "黄", "楊", "杨", "張", "张", "陳", "陈", "劉", "刘", "鄧", "邓", "鍾", "钟",
	"吳", "吴", "葉", "叶", "趙", "赵", "謝", "谢", "鄭", "郑", "馮", "冯", "許", "许", "韓", "韩", "鄒", "邹", "龐", "庞", "顏", "颜", "聶", "聂")

// Find is what somebody may mean who was asked for a place and typed name: every place of that name, with or
// without its ending, the nearest first where near is given; or else the places named in it.
func (g *Gazetteer) Find(name string, near *Point, limit int) []Place {
	key := strings.Trim(fold(name), " ,.，。、")
	found := slices.Concat(g.names.full[key], g.names.stems[key])
	if len(found) == 0 {
		named := g.Mentioned(name)
		for i, p := range named {
			if p.Level != named[0].Level {
				named = named[:i]
				break
			}
		}
		return named[:min(limit, len(named))]
	}
	if near != nil {
		sort.SliceStable(found, func(i, j int) bool { return g.far(found[i], *near) < g.far(found[j], *near) })
	}
	var places []Place
	for _, p := range found {
		if len(places) < limit && !slices.ContainsFunc(places, func(q Place) bool { return q.Code == p.Code }) {
			places = append(places, *p)
		}
	}
	return places
}

func (g *Gazetteer) far(p *Place, from Point) float64 {
	at, _, ok := g.Position(p.Code)
	if !ok {
		return earthRadius * 4
	}
	return at.DistanceKM(from)
}

// mention is a stretch of a sentence that names one or more places.
type mention struct {
	places []*Place
	stem   bool // it counts only beside something that the place lies in
}

// Mentioned are the places named in a sentence, the smallest first: all that one stretch of it can mean, after
// what else is named has narrowed it down (太平镇 in a sentence with 从化 is the one in 从化).
func (g *Gazetteer) Mentioned(text string) []Place {
	mentions := g.names.scan(fold(text))
	named := map[string]bool{}
	for _, m := range mentions {
		for _, p := range m.places {
			if !m.stem {
				named[p.Code] = true
			}
		}
	}
	var found []*Place
	for _, m := range mentions {
		found = append(found, g.narrow(m, named)...)
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].depth() > found[j].depth() })
	var places []Place
	for _, p := range found {
		if !slices.ContainsFunc(places, func(q Place) bool { return q.Code == p.Code }) {
			places = append(places, *p)
		}
	}
	return places
}

// narrow keeps of what a mention can mean what lies in something else that was named, if anything does.
func (g *Gazetteer) narrow(m mention, named map[string]bool) []*Place {
	var inside []*Place
	for _, p := range m.places {
		if g.within(p.Code, named) {
			inside = append(inside, p)
		}
	}
	if len(inside) > 0 || m.stem {
		return inside
	}
	return m.places
}

// scan finds names in folded text, the longest at each position; in Latin script only whole words.
func (n *names) scan(text string) []mention {
	runes := []rune(text)
	var found []mention
	for i := 0; i < len(runes); {
		if i > 0 && latin(runes[i-1]) && latin(runes[i]) {
			i++
			continue
		}
		m, length := n.longest(runes[i:])
		if length > 0 {
			found = append(found, m)
		}
		i += max(1, length)
	}
	return found
}

// longest is the longest name that runes begin with, and its length.
func (n *names) longest(runes []rune) (mention, int) {
	for length := min(n.most, len(runes)); length >= 2; length-- {
		if length < len(runes) && latin(runes[length-1]) && latin(runes[length]) {
			continue
		}
		form := string(runes[:length])
		if places := n.full[form]; len(places) > 0 && !ordinary[form] {
			return mention{places: places}, length
		}
		if places := n.stems[form]; len(places) > 0 {
			return mention{places: places, stem: true}, length
		}
	}
	return mention{}, 0
}

func latin(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }
