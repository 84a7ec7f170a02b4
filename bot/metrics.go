package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics count what goes in and out.
type metrics struct {
	updates *prometheus.CounterVec // by outcome: handled, set_aside
	notices *prometheus.CounterVec // by outcome: sent, delayed, set_aside
}

func newMetrics(registry prometheus.Registerer) metrics {
	counter := func(name, help string) *prometheus.CounterVec {
		return promauto.With(registry).NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"outcome"})
	}
	return metrics{
		updates: counter("onedoor_updates_total", "Updates of Telegram, by what became of them."),
		notices: counter("onedoor_notices_total", "Notices to residents and workers, by what became of them."),
	}
}

// troubleGauge counts the troubles that wait for a person, when it is asked.
type troubleGauge struct {
	*Bot
	desc *prometheus.Desc
}

const countTimeout = 2 * time.Second

// countTroubles lets the registry ask how many troubles there are.
func (b *Bot) countTroubles(registry prometheus.Registerer) error {
	desc := prometheus.NewDesc("onedoor_troubles", "Troubles that wait for a person, by what failed.", []string{"kind"}, nil)
	if err := registry.Register(troubleGauge{b, desc}); err != nil {
		return fmt.Errorf("count the troubles: %w", err)
	}
	return nil
}

// Describe is part of prometheus.Collector.
func (g troubleGauge) Describe(all chan<- *prometheus.Desc) { all <- g.desc }

// Collect is part of prometheus.Collector. While the database is away it says nothing, rather than none.
func (g troubleGauge) Collect(all chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTimeout)
	defer cancel()
	counts, err := g.Intake.TroubleCounts(ctx)
	if err != nil {
		g.Log.Debug("count the troubles", "error", err)
		return
	}
	for kind, n := range counts {
		all <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, float64(n), kind)
	}
}
