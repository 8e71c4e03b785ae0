// The question of nginx' auth_request as oauth2-proxy answers it: over HTTP, from net/http, by a cookie that is signed with
// HMAC-SHA256 over its name, its value and the time, "value|time|signature" (oauth2-proxy, pkg/encryption/utils.go).
//
// With MINT it prints so many cookies, one a line, and ends.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	name     = "_gate"
	lifetime = 12 * time.Hour
)

var secret = []byte(os.Getenv("SECRET"))

func signature(value, moment string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(name))
	h.Write([]byte(value))
	h.Write([]byte(moment))
	return h.Sum(nil)
}

func validate(cookie string) (value string, ok bool) {
	parts := strings.Split(cookie, "|")
	if len(parts) != 3 {
		return "", false
	}
	given, err := base64.URLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(given, signature(parts[0], parts[1])) {
		return "", false
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return "", false
	}
	age := time.Since(time.Unix(seconds, 0))
	if age > lifetime || age < -time.Minute {
		return "", false
	}
	session, err := base64.URLEncoding.DecodeString(parts[0])
	return string(session), err == nil
}

func check(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(name)
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	user, ok := validate(cookie.Value)
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Auth-Request-User", user)
	w.WriteHeader(http.StatusNoContent)
}

func main() {
	if count, err := strconv.Atoi(os.Getenv("MINT")); err == nil {
		moment := strconv.FormatInt(time.Now().Unix(), 10)
		for i := 0; i < count; i++ {
			// About as long as a proof is.
			session := fmt.Sprintf(`{"user":"%016d","email":"somebody-%d@example.com","created":%s}`, i, i, moment)
			value := base64.URLEncoding.EncodeToString([]byte(session))
			sum := base64.URLEncoding.EncodeToString(signature(value, moment))
			fmt.Printf("%s=%s|%s|%s\n", name, value, moment, sum)
		}
		return
	}
	listener, err := net.Listen("unix", os.Getenv("SOCKET"))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/check", check)
	log.Fatal(http.Serve(listener, mux))
}
