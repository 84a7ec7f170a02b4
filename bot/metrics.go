package bot

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics count what goes in and out.
type metrics struct {
	updates *prometheus.CounterVec // by outcome: handled, set_aside
	notices *prometheus.CounterVec // by outcome: sent, delayed
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
