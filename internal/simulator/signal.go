package simulator

// signal wakes everybody who waits for something to change. It belongs to what the simulator's lock guards.
type signal struct{ changed chan struct{} }

// wait is closed at the next fire. Who waits lets go of the lock after asking for it.
func (s *signal) wait() <-chan struct{} {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

func (s *signal) fire() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}
