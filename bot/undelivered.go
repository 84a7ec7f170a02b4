package bot

import "context"

// giveUp sets aside a notice that can't be delivered, after whoever wrote what it brings was told.
func (d *delivery) giveUp(n notice, cause string, why error) outcome {
	set := d.failed(n, cause, why)
	return func(ctx context.Context) error {
		if err := d.Intake.Undelivered(ctx, n.ID); err != nil {
			return err
		}
		return set(ctx)
	}
}
