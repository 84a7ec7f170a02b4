package database

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// Listen calls heard with each notification of a channel, until ctx ends. It calls ready when it has begun to
// listen, and again after each lost connection: whoever keeps something in step must then read all of it anew.
// It waits for a server that is away. A connection that dies in silence is found out by TCP's keep-alive.
func Listen(ctx context.Context, url, channel string, ready func(), heard func(payload string)) error {
	listener := pq.NewListener(url, 200*time.Millisecond, 10*time.Second, nil)
	defer listener.Close()
	defer context.AfterFunc(ctx, func() { listener.Close() })() // Listen would wait for the server for ever
	if err := listener.Listen(channel); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("listen to %s: %w", channel, err)
	}
	ready()
	for {
		select {
		case <-ctx.Done():
			return nil
		case n, open := <-listener.Notify:
			switch {
			case !open:
				return nil // ctx ended
			case n == nil:
				ready()
			default:
				heard(n.Extra)
			}
		}
	}
}
