package admin

import "strings"

// Browser is what a login's browser and system are called, in place of all that it says of itself; what isn't known is shown as it is.
func (l login) Browser() string {
	browser, system := said(l.Agent, browsers()), said(l.Agent, systems())
	if browser == "" || system == "" {
		return l.Agent
	}
	return browser + " · " + system
}

// said is the name of the first that is in an agent's words.
func said(agent string, names [][2]string) string {
	for _, n := range names {
		if strings.Contains(agent, n[0]) {
			return n[1]
		}
	}
	return ""
}

// browsers are the signs of browsers, those first that say that they are others too.
func browsers() [][2]string {
	return [][2]string{{"MicroMessenger/", "WeChat"}, {"QQBrowser/", "QQ"}, {"HuaweiBrowser/", "Huawei"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung"}, {"Firefox/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
}

func systems() [][2]string {
	return [][2]string{{"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
}
