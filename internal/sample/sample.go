// Package sample is data for the demo and the tests, in the form that `onedoor import` takes: Guangdong's places
// (places.csv), 200 county-level stations, 940 workers and some organisations.
//
// Fact are the names and codes of the counties and cities (GB/T 2260), their positions (the seat of government,
// to about a kilometre), and the names and rough positions of the townships and villages. Invented are the
// codes of townships and villages where the official one wasn't known, all stations, workers and organisations,
// and their telephone numbers, which begin with 8555 behind the area code.
package sample

import (
	"bytes"
	_ "embed" // places.csv
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

//go:embed places.csv
var places []byte

// Places are Guangdong's places as CSV.
func Places() []byte { return places }

// Counts of the plan of 2017: "200 county-level social service stations, 940 social workers".
const (
	stationCount = 200
	workerCount  = 940
)

// seat is a place at which a station can be.
type seat struct {
	code, name, english, lat, lon string
}

// seats are the counties, and the two cities without counties, and then the townships.
func seats() (counties, townships []seat, err error) {
	rows, err := csv.NewReader(bytes.NewReader(places)).ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("read the sample places: %w", err)
	}
	for _, r := range rows[1:] {
		s := seat{r[0], r[1], r[7], r[4], r[5]}
		switch {
		case r[2] == "county", r[0] == "441900", r[0] == "442000":
			counties = append(counties, s)
		case r[2] == "township":
			townships = append(townships, s)
		}
	}
	return counties, townships, nil
}

// Stations are 200 stations as CSV: one in each county and in each city without counties, the others in townships.
func Stations() ([]byte, error) {
	counties, townships, err := seats()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("code,name,county_code,lat,lon,datum,phone,categories,hours,name_en\n")
	count := map[string]int{}
	for i, s := range append(counties, townships...)[:stationCount] {
		county := s.code[:6]
		count[county]++
		name := strings.TrimSuffix(s.english, " District") + " Social Work Station"
		fmt.Fprintf(&out, "%s,%s社会工作服务站,%s,%s,%s,wgs84,%s,,%s,%s\n", stationCode(county, count[county]), s.name, county,
			s.lat, s.lon, phone(county, i), hours(i), name)
	}
	return out.Bytes(), nil
}

func stationCode(county string, nth int) string { return fmt.Sprintf("st-%s-%d", county, nth) }

// phone is a number that nobody has.
func phone(county string, nth int) string {
	area := map[string]string{"4401": "020", "4403": "0755", "4406": "0757", "4419": "0769"}[county[:4]]
	if area == "" {
		area = "07" + county[2:4]
	}
	return fmt.Sprintf("%s-8555%04d", area, nth)
}

// hours are an office's, with Saturdays at every fifth station; every twentieth is always open.
func hours(nth int) string {
	switch {
	case nth%20 == 7:
		return ""
	case nth%5 == 2:
		return "Mo-Sa 08:30-12:00"
	default:
		return "Mo-Fr 08:30-17:30"
	}
}

var (
	surnames   = []rune("陈李黄张梁林刘吴罗杨何郑谢周叶曾邓彭潘钟")
	givenNames = strings.Fields("秀英 建国 丽华 志强 美玲 伟明 小红 国平 燕芳 俊杰 玉珍 海涛 晓敏 文辉 淑贞 家豪 慧仪 永康 彩霞 子轩 春梅 振华 雪芬")
	fields     = strings.Fields("elderly_disabled_care child_protection conflict_resolution poverty_relief health legal_rights")
)

// Workers are 940 workers as CSV: four or five at each station, the first of them its supervisor.
func Workers() ([]byte, error) {
	stations, err := Stations()
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(stations)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the sample stations: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("code,name,station,role,phone,specialties\n")
	n := 0
	for i, r := range rows[1:] {
		for nth := 1; nth <= staff(i); nth++ {
			role := "worker"
			if nth == 1 {
				role = "supervisor"
			}
			name := string(surnames[n%len(surnames)]) + givenNames[(n*7+i)%len(givenNames)]
			code := "w-" + strings.TrimPrefix(r[0], "st-") + "-" + strconv.Itoa(nth)
			fmt.Fprintf(&out, "%s,%s,%s,%s,,%s\n", code, name, r[0], role, fields[n%len(fields)])
			n++
		}
	}
	return out.Bytes(), nil
}

// staff is how many workers the nth station has: seven in ten have five, the others four.
func staff(nth int) int {
	if nth%10 < 7 {
		return 5
	}
	return 4
}

// Organisations are some community organisations as CSV.
func Organisations() ([]byte, error) {
	counties, _, err := seats()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("code,name,place_code,lat,lon,datum,phone,categories\n")
	for i, s := range counties[:40] {
		kind, categories := "义工联合会", "elderly_disabled_care;poverty_relief"
		if i%2 == 1 {
			kind, categories = "社区互助会", "child_protection;culture_sports"
		}
		fmt.Fprintf(&out, "org-%s,%s%s,%s,%s,%s,wgs84,,%s\n", s.code, s.name, kind, s.code, s.lat, s.lon, categories)
	}
	return out.Bytes(), nil
}
