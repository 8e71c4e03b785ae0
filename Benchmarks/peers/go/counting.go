//go:build counting

package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"log"
	"net"
	"os"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

const limit = 1000000

var (
	sealing = sum(os.Getenv("SEALING_KEY"), "seal")
	naming  = sum(os.Getenv("SEALING_KEY"), "name")
	sealer  = newSealer()

	store = open()
	// Counts once more, from one again where the window is over, and says how many there are.
	raise = prepared(`INSERT INTO counters (name, since, number) VALUES (?1, ?2, 1)
		ON CONFLICT (name) DO UPDATE SET
			number = CASE WHEN since > ?2 - ?3 THEN number + 1 ELSE 1 END,
			since = CASE WHEN since > ?2 - ?3 THEN since ELSE ?2 END
		RETURNING number`)
)

func sum(key, of string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(of))
	return mac.Sum(nil)
}

func newSealer() cipher.AEAD {
	block, err := aes.NewCipher(sealing)
	if err != nil {
		log.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		log.Fatal(err)
	}
	return aead
}

// One connection: SQLite has one writer at a time, and a durable write before each message.
func open() *sql.DB {
	db, err := sql.Open("sqlite3", "file:"+os.Getenv("STORE")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE IF NOT EXISTS counters
		(name BLOB PRIMARY KEY, since INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID`); err != nil {
		log.Fatal(err)
	}
	return db
}

func prepared(text string) *sql.Stmt {
	statement, err := store.Prepare(text)
	if err != nil {
		log.Fatal(err)
	}
	return statement
}

type counter struct {
	of     string
	window int64
}

// Twelve, as many as PinGate counts for a visitor whom it does not know.
func counters(number, address string) []counter {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	net24 := host[:strings.LastIndexAny("."+host, ".:")]
	const hour, day = 3600, 86400
	return []counter{
		{"number/hour " + number, hour}, {"number/day " + number, day},
		{"prefix4 " + number[:len(number)-4], hour}, {"prefix6 " + number[:len(number)-6], hour},
		{"country " + number[:2], hour}, {"site/hour", hour}, {"site/day", day},
		{"address/hour " + host, hour}, {"address/day " + host, day}, {"net/hour " + net24, hour},
		{"net/day " + net24, day}, {"pair " + number + " " + host, hour},
	}
}

func count(number, address string) (bool, error) {
	transaction, err := store.Begin()
	if err != nil {
		return false, err
	}
	defer transaction.Rollback()
	raise := transaction.Stmt(raise)
	now := time.Now().Unix()
	for _, c := range counters(number, address) {
		var counted int
		mac := hmac.New(sha256.New, naming)
		mac.Write([]byte(c.of))
		if err := raise.QueryRow(mac.Sum(nil)[:16], now, c.window).Scan(&counted); err != nil {
			return false, err
		}
		if counted > limit {
			return false, nil
		}
	}
	return true, transaction.Commit()
}

// AES-GCM over the request, its number and the time, with a nonce before it.
func seal(request, number string) string {
	nonce := make([]byte, sealer.NonceSize())
	rand.Read(nonce)
	text := request + " " + number + " " + time.Now().Format(time.RFC3339)
	return base64.RawURLEncoding.EncodeToString(sealer.Seal(nonce, nonce, []byte(text), nil))
}

func unseal(field string) string {
	bytes, err := base64.RawURLEncoding.DecodeString(field)
	if err != nil || len(bytes) < sealer.NonceSize() {
		return ""
	}
	text, err := sealer.Open(nil, bytes[:sealer.NonceSize()], bytes[sealer.NonceSize():], nil)
	if err != nil {
		return ""
	}
	request, _, _ := strings.Cut(string(text), " ")
	return request
}
