// The tutorial's work as Go does it: net/http/fcgi in front, net/http behind, html/template between.
//
// With the build tag `counting` it does PinGate's work as well: it counts each registration before it asks, and seals
// what stands in the form (counting.go). Without it, it does neither (bare.go).
package main

import (
	"encoding/json"
	"fmt"
	"html/template"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"
)

var (
	api    = os.Getenv("VONAGE_API_URL")
	key    = os.Getenv("VONAGE_API_KEY")
	secret = os.Getenv("VONAGE_API_SECRET")
	brand  = os.Getenv("VONAGE_BRAND_NAME")

	isNumber  = regexp.MustCompile(`^\d{7,15}$`).MatchString
	isPIN     = regexp.MustCompile(`^\d{4,10}$`).MatchString
	isRequest = regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString

	client = &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{MaxIdleConns: 0, MaxIdleConnsPerHost: 16384, IdleConnTimeout: time.Minute},
	}
)

var pages = template.Must(template.New("").Parse(`
{{- define "head"}}<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{.}}</title><link rel="stylesheet" href="style.css"></head>
<body>
<h1>{{.}}</h1>
{{end}}
{{- define "pin"}}{{template "head" "Enter your PIN"}}<p>We sent a message with a PIN to <strong>{{.Number}}</strong>.</p>
<form method="post" action="verify">
<input type="hidden" name="requestId" value="{{.Request}}">
<label>PIN <input type="text" name="pin" inputmode="numeric" autocomplete="one-time-code"></label>
<button type="submit">Verify</button>
</form>
</body>
</html>
{{end}}
{{- define "status"}}{{template "head" .}}</body>
</html>
{{end}}`))

type answer struct {
	Status  string `json:"status"`
	Request string `json:"request_id"`
}

func ask(path string, fields url.Values) (*answer, error) {
	request, err := http.NewRequest("POST", api+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(key, secret)
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP %d", response.StatusCode)
	}
	var a answer
	return &a, json.NewDecoder(response.Body).Decode(&a)
}

func show(w http.ResponseWriter, status int, page string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := pages.ExecuteTemplate(w, page, data); err != nil {
		log.Print(err)
	}
}

func register(w http.ResponseWriter, r *http.Request) {
	number := r.PostFormValue("number")
	if !isNumber(number) {
		show(w, http.StatusUnprocessableEntity, "status", "Not a phone number.")
		return
	}
	if admitted, err := count(number, r.RemoteAddr); err != nil {
		log.Printf("count: %v", err)
		show(w, http.StatusServiceUnavailable, "status", "Not available right now.")
		return
	} else if !admitted {
		show(w, http.StatusTooManyRequests, "status", "Too many messages.")
		return
	}
	a, err := ask("/verify/json", url.Values{"number": {number}, "brand": {brand}})
	if err != nil || a.Status != "0" {
		log.Printf("register: %v", err)
		show(w, http.StatusBadGateway, "status", "No message was sent.")
		return
	}
	show(w, http.StatusOK, "pin", map[string]string{"Number": number, "Request": seal(a.Request, number)})
}

func verify(w http.ResponseWriter, r *http.Request) {
	pin, request := r.PostFormValue("pin"), unseal(r.PostFormValue("requestId"))
	if !isPIN(pin) || !isRequest(request) {
		show(w, http.StatusUnprocessableEntity, "status", "Not a PIN.")
		return
	}
	a, err := ask("/verify/check/json", url.Values{"request_id": {request}, "code": {pin}})
	switch {
	case err != nil:
		log.Printf("verify: %v", err)
		show(w, http.StatusBadGateway, "status", "Not available right now.")
	case a.Status != "0":
		show(w, http.StatusUnprocessableEntity, "status", "Wrong PIN.")
	default:
		show(w, http.StatusOK, "status", "Account verified!")
	}
}

func main() {
	listener, err := net.Listen("unix", os.Getenv("SOCKET"))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/register", register)
	mux.HandleFunc("/verify", verify)
	log.Fatal(fcgi.Serve(listener, mux))
}
