package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
	"github.com/xuri/excelize/v2"
)

// day is a supervisor's day: a browser at the desk, and phones around it.
type day struct {
	*world
	desk *browser
}

const (
	hall     = "三叔公家的祠堂想翻新，谁来管" // taken for a quarrel, but a matter of culture
	hallLike = "我三叔公家的祠堂想翻新一下，谁来管"
	aotou    = "Aotou Town Social Work Station" // is made during the day
)

// TestASupervisorsDay is the supervisors' story from end to end, in the browser and in the chats around it.
func TestASupervisorsDay(t *testing.T) {
	w := newWorld(t, nil)
	d := &day{w, newBrowser(t)}
	d.comesIn()
	d.goes(`a[href="/admin/times"]`, `//p[@class="empty"]`) // no figures yet
	resident, neighbour := w.person(1, "May", "en"), w.person(2, "Lin", "en")

	first := d.hears(resident)
	d.corrects(first)
	second := d.hearsAlike(neighbour)
	d.makesAStation()
	worker := d.hires()
	d.sends(first)
	worker.seeButton("Claim")
	d.places(second)
	neighbour.see(aotou)

	worker.press("Claim")
	resident.see("has taken on your request " + first)
	worker.reply(first)
	worker.send("I come and look at the hall tomorrow.")
	resident.see("I come and look at the hall tomorrow.")
	w.rests()
	d.seesWhatBecame(first)
	d.seesFigures(first)
}

// path is what the desk's browser shows.
func (d *day) path() string { d.Helper(); return script[string](d.desk, `location.pathname`) }

// goes follows a link of the page and waits for what is there.
func (d *day) goes(link, there string) {
	d.Helper()
	d.desk.do(chromedp.Click(link), chromedp.WaitVisible(there))
}

// opens shows a page and waits for what is there.
func (d *day) opens(path, there string) {
	d.Helper()
	d.desk.do(chromedp.Navigate("http://"+d.server.address+path), chromedp.WaitVisible(there))
}

// comesIn logs a new supervisor in: the one-time password, one of their own, and a code, which an administrator wants.
func (d *day) comesIn() {
	d.Helper()
	password := strings.TrimSpace(d.run("admin", "create", "mei"))
	d.exec(`UPDATE accounts SET code_required = true`)
	d.opens("/admin/", `input[name=name]`)
	d.desk.do(chromedp.SendKeys(`input[name=name]`, "mei"), chromedp.SendKeys(`input[name=password]`, password), chromedp.Click(`button.main`),
		chromedp.WaitVisible(`input[name=again]`), chromedp.SendKeys(`input[name=password]`, "correct horse battery"),
		chromedp.SendKeys(`input[name=again]`, "correct horse battery"), chromedp.Click(`button.main`), chromedp.WaitVisible(`input[name=code]`))
	code, err := totp.GenerateCode(script[string](d.desk, `document.querySelector("code").textContent`), time.Now())
	if err != nil {
		d.Fatal(err)
	}
	d.desk.do(chromedp.SendKeys(`input[name=code]`, code), chromedp.Click(`button.main`), chromedp.WaitVisible(`.calm`))
}

// item is what the board shows of a request.
func item(ref string) string { return "#item-" + ref }

// board opens the board, and marks it so that it shows whether it was loaded again.
func (d *day) board(there string) {
	d.Helper()
	d.opens("/admin/", there)
	script[bool](d.desk, `window.sinceMorning = true`)
}

// comes waits until a request stands on the board that is open, and is what the board says of it.
func (d *day) comes(ref string) string {
	d.Helper()
	d.desk.do(chromedp.WaitVisible(item(ref)))
	if !script[bool](d.desk, `window.sinceMorning === true`) {
		d.Error("the board was loaded again")
	}
	return script[string](d.desk, `document.querySelector("`+item(ref)+`").innerText`)
}

// hears has a resident ask for something unclear, which comes up on the open board with why, and with what was guessed.
func (d *day) hears(resident *person) (ref string) {
	d.Helper()
	d.board(`.calm`)
	resident.send("/start 440117113") // the code on the wall in Aotou
	resident.send(hall)
	resident.press("Change service")
	resident.press("Let a person decide")
	resident.see("Your request has number")
	ref = d.refOf(resident)
	shown := d.comes(ref)
	for _, words := range []string{hall, "Service unclear", "guessed offline", "Words that decided:", "祠", "Mediation of quarrels 9", "Culture and sports"} {
		if !strings.Contains(shown, words) {
			d.Errorf("the board lacks %q: %s", words, shown)
		}
	}
	d.desk.fits()
	d.desk.picture("40-comes")
	return ref
}

// corrects sets a request's service with one key. Nobody works where it went, so it stays on the board as that.
func (d *day) corrects(ref string) {
	d.Helper()
	key := script[string](d.desk, `document.querySelector("`+item(ref)+` button[value=culture_sports]").dataset.key`)
	d.desk.do(chromedp.KeyEvent("j"), chromedp.KeyEvent(key), chromedp.WaitVisible(item(ref)+` button[value=culture_sports][aria-pressed]`),
		chromedp.WaitVisible(`//li[@id="item-`+ref+`"]//h2[contains(., "Nobody there can be told")]`))
	d.eventually("the correction is learnt", func() bool { return d.server.intake.Offline.Classify(hallLike).Category == "culture_sports" })
	d.desk.picture("41-corrected")
}

// hearsAlike has another resident say much the same, who can't say where: it is guessed as the first was set right.
func (d *day) hearsAlike(neighbour *person) (ref string) {
	d.Helper()
	neighbour.send(hallLike)
	neighbour.see("Where is it?")
	ref = d.refOf(neighbour)
	neighbour.forge("Where is it?", "skipplace:"+ref+":")
	neighbour.see("A supervisor will look at it")
	d.comes(ref)
	guess := script[string](d.desk, `document.querySelector("`+item(ref)+` .guess > span").innerText`)
	if !strings.Contains(guess, "Culture and sports") {
		d.Errorf("after the correction it is guessed as %s", guess)
	}
	return ref
}

// imports brings a file into a list: what it would change is read first.
func (d *day) imports(register, file, name string) {
	d.Helper()
	d.goes(`nav a[href="/admin/directory"]`, `nav.sub`)
	d.goes(`nav.sub a[href="/admin/`+register+`"]`, `a[href="/admin/directory/`+register+`/import"]`)
	d.goes(`a[href="/admin/directory/`+register+`/import"]`, `input[type=file]`)
	d.desk.do(chromedp.SetUploadFiles(`input[type=file]`, []string{file}), chromedp.Click(`form.entry button.main`),
		chromedp.WaitVisible(`//ins[contains(., "`+name+`")]`), chromedp.WaitVisible(`//button[contains(., "1 new, 0 changed")]`))
	d.desk.fits()
	d.desk.picture("42-" + register)
	d.desk.do(chromedp.Click(`form[action$="/confirm"] button.main`), chromedp.WaitVisible(`//p[@role="status"][contains(., "Done: 1 new, 0 changed")]`))
}

// makesAStation imports one from a file of comma-separated values.
func (d *day) makesAStation() {
	d.Helper()
	file := write(d.desk.T, "stations.csv", "code,name,county_code,lat,lon,datum,phone,categories,hours,name_en\n"+
		"st-440117-9,从化区鳌头镇社会工作服务站,440117,23.631,113.411,wgs84,020-00000999,,,"+aotou+"\n")
	d.imports("stations", file, aotou)
	d.eventually("routing knows the station", func() bool { _, ok := d.server.intake.Router.Station("st-440117-9"); return ok })
}

// hires imports a worker from a workbook, and has them join by the link that their page shows.
func (d *day) hires() *person {
	d.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range [][]any{{"code", "name", "station", "role", "phone", "specialties"}, {"w-440117-9-1", "钟小明", "st-440117-9", "worker", "020-00000998", ""}} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			d.Fatal(err)
		}
	}
	file := filepath.Join(d.TempDir(), "workers.xlsx")
	if err := book.SaveAs(file); err != nil {
		d.Fatal(err)
	}
	d.imports("workers", file, "钟小明")
	d.opens("/admin/workers/w-440117-9-1", `form[action$="/invite"] button`)
	d.goes(`form[action$="/invite"] button`, `.invitation .link`)
	_, start, _ := strings.Cut(script[string](d.desk, `document.querySelector(".invitation .link").textContent`), "?start=")
	worker := d.person(901, "Zhong", "en")
	worker.send("/start " + start)
	worker.see("on duty")
	d.opens("/admin/workers/w-440117-9-1", `//dd[contains(., "On duty")]`)
	d.eventually("routing knows the worker", func() bool { return d.routed("w-440117-9-1") })
	return worker
}

// sends gives a request to the new station, which is the nearest, with one key on the board.
func (d *day) sends(ref string) {
	d.Helper()
	d.board(item(ref))
	script[bool](d.desk, `(document.querySelector("`+item(ref)+` h2 a").focus(), true)`)
	d.desk.do(chromedp.WaitVisible(`//li[@id="item-`+ref+`"]//button[@data-key="t"][contains(., "`+aotou+`")]`), chromedp.KeyEvent("t"),
		chromedp.WaitNotPresent(item(ref)))
	if at := d.path(); at != "/admin/" {
		d.Errorf("sending leads to %s", at)
	}
}

// places says where a request is, by the place's name on its page.
func (d *day) places(ref string) {
	d.Helper()
	d.goes(item(ref)+` a[data-key="p"]`, `#place:focus`)
	d.desk.do(chromedp.SendKeys(`#place`, "鳌头"), chromedp.Click(`#place-box form[method=get] button`),
		chromedp.WaitVisible(`#place-box button[name=place]`))
	d.desk.fits()
	d.desk.picture("43-place")
	d.desk.do(chromedp.Click(`#place-box button[name=place]`))
	d.eventually("it is placed", func() bool {
		return d.count(`SELECT count(*) FROM requests WHERE ref = '`+ref+`' AND station = 'st-440117-9'`) == 1
	})
}
