package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"onedoor/admin"
	"onedoor/internal/bulk"
	"onedoor/internal/database"
	"onedoor/internal/sample"
	"onedoor/internal/simulator"
)

type demoCommand struct {
	PhonesListen string `default:"127.0.0.1:8090" help:"Address of the phones' page; keep it a loopback one."`
}

const (
	demoBot    = "onedoor_demo_bot"
	demoWorker = "w-440117-2-1" // of the station in 太平镇
	demoHelper = "v-440117-1"   // a volunteer near by
)

// Run serves the demo until a signal ends it. It begins afresh each time, on a database of its own.
func (k *demoCommand) Run(ctx context.Context, std streams, c *config) error {
	telegram, token := simulator.New(simulator.Options{Limits: simulator.TelegramLimits()}), simulator.Token(1)
	defer telegram.Close()
	bot, err := telegram.AddBot(token, demoBot)
	if err != nil {
		return err
	}
	phones, resident, worker, helper, err := demoPhones(telegram, bot)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/phones/", phones)
	mux.Handle("GET /{$}", http.RedirectHandler("/phones/", http.StatusFound))
	mux.Handle("/bot"+token+"/", telegram)
	mux.Handle("/file/bot"+token+"/", telegram)
	listener, err := net.Listen("tcp", k.PhonesListen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; stop what uses it, or choose another --phones-listen", k.PhonesListen, err)
	}
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go serveWeb(web, listener, log)
	defer web.Close()

	c.Token, c.APIURL, c.WebhookSecret = token, "http://"+listener.Addr().String(), ""
	if c.DatabaseURL != "" {
		return usageError{errors.New("the demo starts on an empty database of its own: unset DATABASE_URL")}
	}
	c.DataDir = c.demoDir()
	c.fresh = true
	return serve(ctx, c, log, func(ctx context.Context, s *server) error {
		password, err := s.prepareDemo(ctx, bot, worker, helper)
		if err != nil {
			return err
		}
		resident.Start(bot, "")
		fmt.Fprintf(std.out, demoWelcome, c.APIURL, c.APIURL, s.address, password)
		return nil
	})
}

const demoWelcome = `
OneDoor is running, with sample data of Guangdong. Three addresses (or /phones/ for both phones side by side):

  resident's phone  %s/phones/resident/
  worker's phone    %s/phones/worker/
  admin             http://%s/admin/   account: admin   one-time password: %s

What to try:
  1. As the resident write: 我妈妈走不动了，家里没人照顾   (or in English: my mother can't walk any more)
  2. Say where: press the location button and choose 太平镇, or write 从化太平镇. Then press Confirm (确认).
  3. As the worker press Claim (接单), then Reply (回复), and write something. It reaches the resident.
  4. Press More… (更多…), Refer (请人帮忙), volunteers, shopping, and write a sentence. On the same phone be 梁阿姨, who can say yes.
  5. Press Resolve (办结) and an outcome. In the admin, see the request's timeline, and the response times: six weeks are behind it.
  6. As the resident write: 着火了！   The right number comes at once, and the worker's phone is alarmed.
  7. As the worker write /admin: the link logs them in to the admin of their station.

Ctrl-C stops everything. Each start begins afresh.
`

// demoPhones are a phone on which one can be each of three residents, and one on which one can be a worker or a volunteer.
func demoPhones(telegram *simulator.Simulator, bot *simulator.Bot) (phones http.Handler, resident, worker, helper *simulator.User, err error) {
	resident = telegram.User(simulator.Profile{ID: 1001, FirstName: "陈婆婆", Language: "zh-hans", Phone: "+8613800000001"})
	others := []*simulator.User{
		telegram.User(simulator.Profile{ID: 1002, FirstName: "李强", Language: "zh-hans", Phone: "+8613800000002"}),
		telegram.User(simulator.Profile{ID: 1003, FirstName: "Grace", Language: "en", Phone: "+8613800000003"}),
	}
	worker = telegram.User(simulator.Profile{ID: 2001, FirstName: "社工", Language: "zh-hans", Phone: "+8613800000004"})
	helper = telegram.User(simulator.Profile{ID: 2002, FirstName: "梁阿姨 (志愿者)", Language: "zh-hans", Phone: "+8613800000005"})
	phones, err = telegram.Phones(simulator.PhonesOptions{Bot: bot, Title: "OneDoor",
		Phones: []simulator.Phone{{Slug: "resident", Title: "居民 · Resident", Users: append([]*simulator.User{resident}, others...)},
			{Slug: "worker", Title: "社工 · Worker", Users: []*simulator.User{worker, helper}}},
		Places: []simulator.Place{{Name: "从化区太平镇", Lat: 23.449, Lon: 113.482}, {Name: "从化区良口镇", Lat: 23.716, Lon: 113.728},
			{Name: "广州市天河区", Lat: 23.125, Lon: 113.361}, {Name: "南海 (the sea)", Lat: 18.5, Lon: 115}}})
	return phones, resident, worker, helper, err
}

// prepareDemo makes the admin's account, and lets the worker and the volunteer join. It returns the account's password.
func (s *server) prepareDemo(ctx context.Context, bot *simulator.Bot, worker, helper *simulator.User) (string, error) {
	for who, phone := range map[string]*simulator.User{demoWorker: worker, demoHelper: helper} {
		code, err := s.intake.Invite(ctx, who)
		if err != nil {
			return "", err
		}
		phone.Start(bot, code)
	}
	return admin.CreateAccount(ctx, s.db, "admin", "administrator", "", "")
}

// loadSample fills the demo's database, after emptying it: with the sample's stations and workers, and some weeks behind them.
func loadSample(ctx context.Context, db *database.DB, log *slog.Logger) error {
	if _, err := db.ExecContext(ctx, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`); err != nil {
		return fmt.Errorf("empty the demo's database: %w", err)
	}
	d, err := newDomain(ctx, db, log, true)
	if err != nil {
		return err
	}
	if err := sample.Load(ctx, db, d.known); err != nil {
		return err
	}
	return makePast(ctx, db, d)
}

// The past of a demo: requests of some weeks, all of them over, so that response times and the like have something to show and nobody
// has work of people who aren't there.
const (
	pastRequests = 6000
	pastDays     = 42
)

func makePast(ctx context.Context, db *database.DB, d *domain) error {
	if err := d.router.Reload(ctx); err != nil {
		return err
	}
	if err := bulk.Fill(ctx, db, d.router, d.intake.Taxonomy, bulk.Options{Requests: pastRequests, Days: pastDays, Seed: 1, Settled: true}); err != nil {
		return fmt.Errorf("make the demo's past: %w", err)
	}
	return nil
}
