package routing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"onedoor/internal/sheet"
)

// What a file of boundaries may have.
const (
	maxFeature  = 20 << 20 // bytes of one of its areas: they are decoded one by one, which takes some times as much memory
	maxFeatures = 20_000
	maxUnfit    = 1000 // problems, after which no more is read
)

// BoundaryProblems are what is wrong with areas of a file, counted from 1 on in the place of lines.
type BoundaryProblems struct{ sheet.Problems }

func (p BoundaryProblems) Error() string {
	var text []string
	for _, problem := range p.Problems {
		text = append(text, fmt.Sprintf("area %d: %s", problem.Line, problem.What))
	}
	return strings.Join(text, "\n")
}

// feature is an area of a file.
type feature struct {
	ID         json.RawMessage
	Properties map[string]json.RawMessage
	Geometry   *struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// geoJSON reads the features of a FeatureCollection (RFC 7946), and gives each away with its number, from 1 on. What is wrong
// with the file itself is a sheet.Fault.
func geoJSON(file []byte, give func(number int, text json.RawMessage)) error {
	in := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	kind, number := "", 0
	if err := begins(in, '{'); err != nil {
		return err
	}
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return notJSON(err)
		}
		if name != "features" {
			var value json.RawMessage
			if err := in.Decode(&value); err != nil {
				return notJSON(err)
			}
			switch {
			case name == "type":
				kind = strings.Trim(string(value), `"`)
			case name == "crs" && !onGlobe(string(value)):
				return sheet.NewFault("the coordinates are not in WGS-84: export the file as EPSG:4326")
			}
			continue
		}
		if err := begins(in, '['); err != nil {
			return err
		}
		for ; in.More(); number++ {
			var text json.RawMessage
			if err := in.Decode(&text); err != nil {
				return notJSON(err)
			}
			if number == maxFeatures {
				return sheet.NewFault("the file has more than %d areas: split it", maxFeatures)
			}
			give(number+1, text)
		}
		if _, err := in.Token(); err != nil {
			return notJSON(err)
		}
	}
	if _, err := in.Token(); err != nil {
		return notJSON(err)
	}
	if kind != "FeatureCollection" || number == 0 {
		return sheet.NewFault("the file is no FeatureCollection with areas in it")
	}
	return nil
}

// begins reads how a JSON object or array begins.
func begins(in *json.Decoder, with json.Delim) error {
	token, err := in.Token()
	if err != nil {
		return notJSON(err)
	}
	if token != with {
		return sheet.NewFault("the file is no FeatureCollection with areas in it")
	}
	return nil
}

func notJSON(err error) error { return sheet.NewFault("not GeoJSON: %v", err) }

// onGlobe tells whether a coordinate reference system, as files of before RFC 7946 name it, is WGS-84, or China's CGCS2000, which
// is the same to a metre.
func onGlobe(crs string) bool {
	if crs == "null" {
		return true
	}
	return slices.ContainsFunc([]string{"CRS84", "4326", "4490"}, func(name string) bool { return strings.Contains(crs, name) })
}

// codeNames are the properties that may have the code of a place, the likeliest first.
func codeNames() []string {
	return []string{"code", "adcode", "ad_code", "adm_code", "area_code", "county_code", "gb", "pac", "行政区划代码", "区划代码", "区划码", "代码", "id"}
}

// codesOf are the codes that a feature may be of, the likeliest first.
func (f *feature) codesOf() (all []string) {
	for _, name := range codeNames() {
		for property, value := range f.Properties {
			if strings.EqualFold(property, name) {
				all = append(all, codeForms(value)...)
			}
		}
	}
	return append(all, codeForms(f.ID)...)
}

// codeForms are the codes that a value may mean: itself; what is behind the number of China, as in 156440117; and without the
// zeros that fill it up, as in 440117000000.
func codeForms(value json.RawMessage) (all []string) {
	text := strings.TrimSuffix(strings.TrimSpace(strings.Trim(string(value), `"`)), ".0")
	if text == "" || text == "null" || len(text) > maxCode || strings.ContainsAny(text, `{}[]\`) {
		return nil
	}
	all = append(all, text)
	if rest, of := strings.CutPrefix(text, "156"); of && len(text) == 9 {
		all = append(all, rest)
	}
	for len(text) > 6 && strings.HasSuffix(text, "000") {
		text = strings.TrimSuffix(text, "000")
		all = append(all, text)
	}
	return all
}

// maxCode is how many characters a code of a place may have.
const maxCode = 32
