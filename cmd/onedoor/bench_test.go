package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onedoor/internal/database/databasetest"
	"onedoor/internal/simulator"
)

// BenchmarkFirstAnswer sends messages of as many residents at so many a second and measures the time from each
// update until the answer to it leaves, by long polling with the offline classifier, after the first few.
func BenchmarkFirstAnswer(b *testing.B) {
	for _, perSecond := range []int{100, 200} {
		b.Run(strconv.Itoa(perSecond)+" a second", func(b *testing.B) { benchmarkFirstAnswer(b, perSecond) })
	}
}

func benchmarkFirstAnswer(b *testing.B, perSecond int) {
	const residents = 1000
	w := newWorld(b, func(c *config) { c.PerSecond, c.ChatPerSecond = 10_000, 10_000 })
	for i := range 20 { // connections are opened, statements prepared
		first := w.person(int64(9_000+i), "resident", "zh-hans")
		first.send("老板拖欠我三个月工资不给，家在从化区太平镇")
		first.see("我们理解得对吗")
	}
	sent := map[string]time.Time{}
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	b.ResetTimer()
	for i := range residents {
		<-tick.C
		p := w.person(int64(10_000+i), "resident", "zh-hans")
		sent[strconv.FormatInt(p.ID(), 10)] = time.Now()
		p.send("老板拖欠我三个月工资不给，家在从化区太平镇")
	}
	for i := range residents {
		w.person(int64(10_000+i), "", "").see("我们理解得对吗")
	}
	b.StopTimer()
	var waits []time.Duration
	for _, call := range w.telegram.Calls() {
		if at, ok := sent[call.Params["chat_id"]]; ok && call.Method == "sendMessage" {
			waits = append(waits, call.At.Sub(at))
			delete(sent, call.Params["chat_id"])
		}
	}
	slices.Sort(waits)
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "ms/p50")
	b.ReportMetric(float64(waits[len(waits)*95/100].Microseconds())/1000, "ms/p95")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkServe starts the real program on an existing cluster with the sample data, and measures the time until
// it is ready and the memory that it then has.
func BenchmarkServe(b *testing.B) {
	binary := buildBinary(b)
	telegram, token := simulator.New(simulator.Options{}), simulator.Token(9)
	if _, err := telegram.AddBot(token, "bench_bot"); err != nil {
		b.Fatal(err)
	}
	api := httptest.NewServer(telegram)
	defer func() { telegram.Close(); api.Close() }()
	c := config{DataDir: databasetest.DataDir(b), Token: token, APIURL: api.URL}
	(&world{TB: b, ctx: b.Context(), config: c}).load()
	for b.Loop() {
		startOnce(b, binary, c)
	}
}

func startOnce(b *testing.B, binary string, c config) {
	address := freeAddress(b)
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "serve", "--onedoor-data-dir", c.DataDir, "--telegram-bot-token", c.Token,
		"--telegram-api-url", c.APIURL, "--onedoor-listen", address)
	cmd.Stderr = io.Discard
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for ready := false; !ready && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if response, err := http.Get("http://" + address + "/readyz"); err == nil {
			response.Body.Close()
			ready = response.StatusCode == http.StatusOK
		}
	}
	b.ReportMetric(time.Since(began).Seconds(), "s/ready")
	b.ReportMetric(residentMemory(b, cmd.Process.Pid), "MB/resident")
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
}

// residentMemory is a process's, in megabytes.
func residentMemory(b *testing.B, pid int) float64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1024
}

// BenchmarkTakeover kills the one of two processes that leads, and measures how long it is until the other one has
// received, by long polling, and answered what was said at that moment.
func BenchmarkTakeover(b *testing.B) {
	binary := buildBinary(b)
	telegram, token := simulator.New(simulator.Options{}), simulator.Token(9)
	robot, err := telegram.AddBot(token, "bench_bot")
	if err != nil {
		b.Fatal(err)
	}
	api := httptest.NewServer(telegram)
	b.Cleanup(func() { telegram.Close(); api.Close() })
	c := config{DataDir: databasetest.DataDir(b), Token: token, APIURL: api.URL}
	w := &world{TB: b, ctx: b.Context(), telegram: telegram, bot: robot, config: c}
	w.load()
	db, err := c.open(b.Context(), logger(io.Discard))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	start := func() *exec.Cmd {
		address := freeAddress(b)
		cmd := exec.Command(binary, "serve", "--database-url", db.URL(), "--telegram-bot-token", token, "--telegram-api-url", api.URL, "--onedoor-listen", address, "--onedoor-messages-per-minute", "600")
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		w.eventually("it is ready", func() bool { return ready(address) })
		return cmd
	}
	leader, other := start(), start()
	defer func() { _ = other.Process.Kill() }()
	resident := w.person(1, "May", "en")
	resident.send("/help")
	resident.see("Write or say what you need")
	longest := time.Duration(0)
	for b.Loop() {
		asked := len(resident.Chat(robot))
		if err := leader.Process.Kill(); err != nil {
			b.Fatal(err)
		}
		killed := time.Now()
		resident.send("/help")
		w.eventually("it is answered", func() bool { return len(resident.Chat(robot)) >= asked+2 })
		longest = max(longest, time.Since(killed))
		_ = leader.Wait()
		leader, other = other, start()
	}
	_ = leader.Process.Kill()
	b.ReportMetric(longest.Seconds(), "s/takeover")
	b.ReportMetric(0, "ns/op")
}

// buildBinary is the program, built for this test.
func buildBinary(b testing.TB) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "onedoor")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}
