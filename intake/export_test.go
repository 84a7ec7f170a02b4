package intake

// FindDue is for the test of how it is read.
const FindDue = findDue
