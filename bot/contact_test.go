package bot

import "testing"

func TestDialled(t *testing.T) {
	for phone, want := range map[string]string{"020-8786 1234": "+862087861234", "13800138000": "+8613800138000", "+86 20 87861234": "+862087861234",
		"0086-20-87861234": "+862087861234", "12345": "12345", "400-800-1234": "4008001234", "(0755) 8200 0000": "+8675582000000"} {
		if got := dialled(phone); got != want {
			t.Errorf("%s is dialled as %s, want %s", phone, got, want)
		}
	}
}
