package admin

import "testing"

// TestBrowsersHaveNames: a list of logins says which browser it was, in few words.
func TestBrowsersHaveNames(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36":                                       "Chrome · Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0":                       "Edge · Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1":             "Safari · iPhone",
		"Mozilla/5.0 (Linux; Android 13; M2012K11AC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47.2560": "WeChat · Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:120.0) Gecko/20100101 Firefox/120.0":                                                                "Firefox · Mac",
		"curl/8.5.0":                "curl/8.5.0",
		"<script>alert(1)</script>": "<script>alert(1)</script>",
		"":                          "",
	} {
		if got := (login{Agent: agent}).Browser(); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}
