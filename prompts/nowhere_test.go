package prompts

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// TestNowhere: who says in words that they can't tell where is understood, however they say it.
func TestNowhere(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"我不知道我在哪里", "说不清", "唔知喺邊度", "I don't know where I am", "I can't say where", "說不清楚", "哎呀我也不知道这是哪里啊", "我都唔知呢度係邊度", "俺不晓得这是啥地方",
		"搞不清楚在哪", "记不得地址了", "我迷路了", "唔識講", "唔清楚呢度叫咩名", "蕩失路喇", "讲不出来", "no idea", "not sure where this is, sorry", "I don’t know the name of this place", "I am lost", "I'M NOT SURE",
		"dont know", "can't tell you where it is", "I'd rather not say", "I forgot the address", "没有地址", "我不認得路", "不方便说", "唔方便講", "不知道怎么说这个地方", "不 知 道"} {
		if rest, said := WithoutNowhere(text); !said || rest != "" {
			t.Errorf("%s is not understood; what is left is %q", text, rest)
		}
	}
	for text, want := range map[string]string{"我不知道我在哪里，我眼睛看不见": "我眼睛看不见", "I don't know where I am but my father needs a wheelchair": "my father needs a wheelchair",
		"唔知喺邊度，旁邊有條河": "旁边有条河"} {
		if rest, said := WithoutNowhere(text); !said || rest != want {
			t.Errorf("%s leaves %q (%v), want %q", text, rest, said, want)
		}
	}
}

// TestSomewhere: what asks about a place, names one or says on what is needed is not taken for it.
func TestSomewhere(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"我不知道医保在哪里办", "不知道我妈在哪里", "不知道他在哪里", "太平镇", "我在太平镇", "哪里", "在路上", "学校后面", "村里", "我在家", "这里", "Where is it", "I am here", "the village",
		"I don't know where my mother is", "I don't know where to pay", "I don't know where the clinic is", "说不清，他们就是不给工资", "不知道低保怎么申请，也说不清", "唔知去邊度攞表", "不知道去哪里交钱", "I can't say how much they owe us", "I lost my ID card", "忘记带身份证了", "", "，", "12"} {
		if rest, said := WithoutNowhere(text); said || rest != text {
			t.Errorf("%s is taken for it; what is left is %q", text, rest)
		}
	}
	for _, name := range []string{"messages", "services", "crisis"} {
		f, err := os.Open("testdata/" + name + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if _, text, _ := strings.Cut(lines.Text(), "\t"); said(text) {
				t.Errorf("taken for it: %s", text)
			}
		}
	}
}

func said(text string) bool {
	_, said := WithoutNowhere(text)
	return said
}
