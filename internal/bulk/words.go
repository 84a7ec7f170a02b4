package bulk

import (
	"strconv"
	"strings"

	"onedoor/prompts"
)

// The parts of what residents say: who, in what need, and how it is asked. Most are heard every day; a thousandth has a word
// that hardly anybody else says, and a hundred-thousandth one that nobody does.
var (
	whoZH = strings.Fields(`我 我妈妈 我爸爸 我奶奶 我爷爷 隔壁阿婆 我家孩子 我老公 村里一位老人 我姐姐 我同事 楼下邻居`)
	askZH = strings.Fields(`请问怎么办理 可以帮忙吗 找谁处理 什么时候有人来 要带什么材料 急，谢谢 已经打过电话没人接 希望尽快回复 能不能上门 唔该帮下手`)
	rare  = strings.Fields(`穿山甲 龙舟 蚝壳墙 疍家 族谱 围龙屋 荔枝蒂蛀虫 土法炼金 鳄鱼 陨石 沼气池 骑楼 vermiculite bagpipe quarantine`)
	whoEN = []string{"I", "My mother", "My father", "My neighbour", "My child", "An old man in our village"}
	askEN = []string{"what papers do I need?", "can somebody come?", "please call me back.", "whom do I ask?", "it is urgent.", "thank you."}
)

// needs are what residents of a service need, in Chinese and in English.
func needs() map[string][2][]string {
	both := func(zh, en string) [2][]string {
		return [2][]string{strings.Fields(zh), strings.Split(en, "; ")}
	}
	return map[string][2][]string{
		"education":             both(`想给孩子报名上小学 校车停了每天走五里路 学校食堂饭菜太差 转学手续一直没办好`, "wants to enrol at the primary school; has no school bus any more"),
		"employment":            both(`想找一份工作 想参加电工培训 招聘会在哪里报名 失业三个月了`, "is looking for work; would like a vocational training"),
		"social_security":       both(`养老金两个月没到账 社保卡丢了 医保报销不了 居民养老保险怎么交`, "has lost the social security card; did not get the pension"),
		"elderly_disabled_care": both(`走不动了没人照顾 想申请轮椅 残疾证到期了 需要有人送饭`, "needs a wheelchair; cannot walk and has nobody at home"),
		"legal_rights":          both(`想请法律援助 土地证上没有名字 离婚财产怎么分 遗产被人占了`, "needs legal aid; is left out of the inheritance"),
		"health":                both(`村卫生站没有药 孩子要打疫苗 自来水有怪味 公厕很久没打扫`, "finds no medicine at the village clinic; needs a vaccination"),
		"culture_sports":        both(`农家书屋总是锁着 球场的灯坏了 想看露天电影 想借广场跳舞`, "finds the reading room locked; wants the sports ground repaired"),
		"rural_economy":         both(`荔枝卖不出去 想贷款买拖拉机 想加入合作社 鱼塘没人收鱼`, "cannot sell the lychees; asks for a farm loan"),
		"workers_rights":        both(`老板拖欠三个月工资 在工地摔伤了没人管 没有签劳动合同 加班费没给`, "was not paid for three months; was injured at work"),
		"environment":           both(`厂里半夜排污水 垃圾没人清运 隔壁烧塑料很臭 机器太吵睡不着`, "smells the factory's smoke; has rubbish before the door"),
		"ecology":               both(`有人偷砍树 后山滑坡想种树 有人打鸟 湿地被填了`, "saw people fell trees; saw poachers"),
		"food_safety":           both(`买到过期奶粉 吃了外卖拉肚子 有人私宰生猪 超市卖发霉的米`, "bought food that had expired; fell ill after a meal"),
		"public_security":       both(`家里被偷了 被网上骗了两万块 有人在村口赌博 摩托车不见了`, "was cheated on the phone; had the motorbike stolen"),
		"conflict_resolution":   both(`和邻居争地界吵了几次 兄弟分家谈不拢 楼上漏水不肯修 婆媳天天吵架`, "quarrels with a neighbour about the boundary; wants a mediator"),
		"poverty_relief":        both(`想申请低保 家里揭不开锅 低保被停了 要临时救助`, "applies for the subsistence allowance; has nothing left to eat"),
		"child_protection":      both(`父母在外打工没人管 在学校被欺负 放学没人接 总是被打骂`, "is bullied at school; is alone after school"),
		"fire_safety":           both(`楼道堆满杂物 电线老化冒火花 灭火器过期了 消防通道被车堵了`, "found the exit blocked; has old wiring that sparks"),
		"dangerous_homes":       both(`墙裂了很宽 屋顶漏水快塌了 想申请危房改造 台风后房子歪了`, "has cracks in the wall; asks for the rebuilding subsidy"),
		"national_defense":      both(`想报名参军 退伍证丢了 优抚金没发 民兵训练怎么参加`, "wants to enlist; has lost the veteran's papers"),
		"":                      both(`有件事想问问 不知道该找谁 上次说的事怎么样了`, "has a question; does not know whom to ask"),
	}
}

// cries are what residents in each kind of danger say, in Chinese and in English.
func cries() map[prompts.Crisis][2][]string {
	both := func(zh, en string) [2][]string { return [2][]string{strings.Fields(zh), strings.Split(en, "; ")} }
	return map[prompts.Crisis][2][]string{
		prompts.Suicide:    both(`我不想活了 我爸说他不想活了，拿着农药`, "I don't want to live any more; my father says he wants to die"),
		prompts.ChildAbuse: both(`隔壁天天打孩子，打得全是伤 继父又在打孩子`, "my neighbour is beating his child; the child next door is being beaten again"),
		prompts.Violence:   both(`我老公又打我，快来人 有人拿刀追人`, "my husband is beating me; a man with a knife is after us"),
		prompts.Fire:       both(`隔壁着火了 后山起火了，快烧到房子`, "the house next door is on fire; there is a fire on the hill"),
		prompts.Medical:    both(`我妈妈突然昏倒了，叫不醒 我爸爸胸口痛，喘不上气`, "my mother has fainted and won't wake up; my father has chest pain and can't breathe"),
		prompts.Missing:    both(`我爷爷走丢了，找不到人 孩子不见了，到处都找不到`, "my grandfather is missing; my child is missing since school ended"),
		prompts.Disaster:   both(`发大水了，我们被困在屋顶 后山塌方，房子被埋了`, "the flood is here and we are trapped on the roof; a landslide has buried the house"),
	}
}

// words are what the resident says: one in ten in English.
func (m *maker) words(r *request) string {
	any := func(of []string) string { return of[m.IntN(len(of))] }
	need := m.needs[r.category]
	text := any(whoEN) + " " + any(need[1]) + ", " + any(askEN)
	cry, inDanger := m.cries[r.crisis]
	if inDanger {
		text = any(cry[1])
	}
	if place := r.spot.Name; !m.percent(10) {
		text = any(whoZH) + any(need[0]) + "，" + any(askZH)
		if inDanger {
			text = any(cry[0])
		}
		if place != "" {
			text = "我在" + place + "，" + text
		}
	}
	switch {
	case m.percent(0.1):
		text += " " + any(rare)
	case m.percent(0.001):
		text += " rare" + strconv.Itoa(r.n)
	case m.percent(8):
		text += " 138" + strconv.Itoa(10_000_000+m.IntN(90_000_000))
	}
	return text
}
