package admin

// reach is how far a mark is drawn from its middle, to each side and up or down, in units of the picture (pages/map.html has the shapes).
func (m mark) reach() (aside, along int) {
	several := m.Count > 1
	switch {
	case m.Kind == "station" && several:
		return 15, 10
	case m.Kind == "station":
		return 9, 8
	case m.Kind == "village" && several:
		return 18, 20
	case m.Kind == "village":
		return 10, 11
	case several:
		return 22, 22
	}
	return 15, 15
}

// The shapes are larger in a narrow picture (static/map.css): some room between marks is for those.
const breath = 5

// separate moves marks off those that are drawn over them, so that no sign or number is hidden: as little as will do, and by no more than 50 units either way. One that
// finds no room stays where it belongs.
func separate(marks []mark) {
	for i := len(marks) - 1; i >= 0; i-- {
		marks[i] = marks[i].aside(marks[i+1:])
	}
}

// aside is the mark where it is free of others.
func (m mark) aside(others []mark) mark {
	for _, by := range []int{0, 10, 20, 30, 40, 50} {
		for _, way := range [][2]int{{0, 1}, {1, 0}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}} {
			there := m
			there.X, there.Y = m.X+by*way[0], m.Y+by*way[1]
			if there.free(others) {
				return there
			}
		}
	}
	return m
}

// free tells whether a mark is whole in the picture and touches none of the others.
func (m mark) free(others []mark) bool {
	aside, along := m.reach()
	if min(m.X-aside, m.Y-along) < -mapEdge || max(m.X+aside, m.Y+along) > mapSize+mapEdge {
		return false
	}
	for _, o := range others {
		x, y := o.reach()
		if abs(m.X-o.X) <= aside+x+breath && abs(m.Y-o.Y) <= along+y+breath {
			return false
		}
	}
	return true
}
