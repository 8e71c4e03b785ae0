// Visitors at a constant rate, who come whether or not those before them have their answers (an open loop). An answer's time
// counts from when its visitor was to come, so that a server that stalls is charged for all whom it kept waiting.
//
//	pace -address 127.0.0.1:8080 -rate 500 -warm-up 1 -seconds 4 -first 0 -expected 'name="requestId"'
//
// With -browser each visitor is a browser, which goes where it is sent (303) with the cookie it got; its time ends with the
// page. Without, it is a program, which gets the page at once.
//
// With -path they ask for a page with a cookie each, of those in the file that -cookies names, in turn.
//
// Prints a line of JSON: how many answers, how many errors, and quantiles in microseconds.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"sync"
	"syscall"
	"time"
)

var (
	address  = flag.String("address", "", "host and port of the server")
	rate     = flag.Int("rate", 500, "visitors a second")
	warmUp   = flag.Float64("warm-up", 1, "seconds that are not counted")
	seconds  = flag.Float64("seconds", 4, "seconds that are counted")
	first    = flag.Int("first", 0, "the first phone number")
	expected = flag.String("expected", "", "what a right page holds")
	browser  = flag.Bool("browser", false, "go where an answer sends")
	path     = flag.String("path", "", "ask for this page, and register nobody")
	cookies  = flag.String("cookies", "", "the file with their cookies, one a line")
)

// After this long without an answer a visitor has met an error.
const patience = 20 * time.Second

// A visitor that has come: which one, and when it was to come.
type visitor struct {
	index int
	due   time.Time
}

// A connection that is kept, and the one visitor on it at a time.
type connection struct {
	net.Conn
	visitors chan visitor
}

// What became of all visitors.
type tally struct {
	sync.Mutex
	times  []time.Duration
	errors int
}

func (t *tally) add(counts, good bool, took time.Duration) {
	t.Lock()
	defer t.Unlock()
	if !good {
		t.errors++
	} else if counts {
		t.times = append(t.times, took)
	}
}

func (t *tally) microseconds(part float64) int64 {
	if len(t.times) == 0 {
		return 0
	}
	rank := int(part * float64(len(t.times)))
	if rank >= len(t.times) {
		rank = len(t.times) - 1
	}
	return t.times[rank].Microseconds()
}

// What every request of a visitor says.
func headers(index int) string {
	scattered := (*first + index) * 40503 % (1 << 24)
	accept := "*/*"
	if *browser {
		accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	}
	return fmt.Sprintf("Host: %s\r\nX-Forwarded-For: 10.%d.%d.%d\r\nSec-Fetch-Site: same-origin\r\n"+
		"Accept-Language: de-AT,de;q=0.9,en;q=0.5\r\nAccept: %s\r\n"+
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n",
		*address, scattered>>16, scattered>>8&255, scattered&255, accept)
}

// What the cookies' owners ask for: made once.
var guarded [][]byte

func readCookies() error {
	file, err := os.ReadFile(*cookies)
	if err != nil {
		return err
	}
	for _, line := range bytes.Fields(file) {
		guarded = append(guarded, []byte(fmt.Sprintf("GET %s HTTP/1.1\r\n%sCookie: %s\r\n\r\n", *path, headers(0), line)))
	}
	if len(guarded) == 0 {
		return fmt.Errorf("%s has no cookies", *cookies)
	}
	return nil
}

func form(index int) []byte {
	if len(guarded) > 0 {
		return guarded[index%len(guarded)]
	}
	number := (*first + index) % 10_000_000 * 7368787 % 10_000_000
	body := fmt.Sprintf("number=43660%07d", number)
	return []byte(fmt.Sprintf("POST /register HTTP/1.1\r\n%s"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		headers(index), len(body), body))
}

// The request for the page that an answer sends to.
func page(index int, answer *http.Response) []byte {
	cookies := ""
	for _, cookie := range answer.Cookies() {
		cookies += "Cookie: " + cookie.Name + "=" + cookie.Value + "\r\n"
	}
	return []byte(fmt.Sprintf("GET /%s HTTP/1.1\r\n%s%s\r\n",
		answer.Header.Get("Location"), headers(index), cookies))
}

// Reads the answers that come on a connection, for as long as it lives.
func (c *connection) read(counted time.Time, all *tally, idle chan<- *connection, waiting *sync.WaitGroup) {
	reader := bufio.NewReader(c)
	for v := range c.visitors {
		_ = c.SetReadDeadline(v.due.Add(patience))
		answer, err := http.ReadResponse(reader, nil)
		if err == nil && *browser && answer.StatusCode == http.StatusSeeOther {
			_, _ = io.Copy(io.Discard, answer.Body)
			if _, err = c.Write(page(v.index, answer)); err == nil {
				answer, err = http.ReadResponse(reader, nil)
			}
		}
		good := false
		if err == nil {
			page, bodyError := io.ReadAll(answer.Body)
			good = bodyError == nil && answer.StatusCode == 200 && bytes.Contains(page, []byte(*expected))
		}
		all.add(!v.due.Before(counted), good, time.Since(v.due))
		waiting.Done()
		if err != nil || answer.Close {
			c.Close()
			return
		}
		idle <- c
	}
}

// Sleeps to the microsecond: Go's own timers may be a whole millisecond late.
func sleepUntil(due time.Time) {
	for {
		left := time.Until(due)
		if left <= 0 {
			return
		}
		pause := syscall.NsecToTimespec(left.Nanoseconds())
		_ = syscall.Nanosleep(&pause, nil)
	}
}

func main() {
	flag.Parse()
	if *path != "" {
		if err := readCookies(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	debug.SetGCPercent(-1)
	runtime.LockOSThread()
	count := int(float64(*rate) * (*warmUp + *seconds))
	start := time.Now().Add(50 * time.Millisecond)
	counted := start.Add(time.Duration(*warmUp * float64(time.Second)))
	idle := make(chan *connection, count)
	var all tally
	var waiting sync.WaitGroup
	for i := 0; i < count; i++ {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(*rate))
		request := form(i)
		sleepUntil(due)
		var c *connection
		select {
		case c = <-idle:
		default:
			// Nobody waits for somebody else's connection.
			dialed, err := net.DialTimeout("tcp", *address, patience)
			if err != nil {
				all.add(false, false, 0)
				continue
			}
			c = &connection{dialed, make(chan visitor, 1)}
			go c.read(counted, &all, idle, &waiting)
		}
		waiting.Add(1)
		c.visitors <- visitor{i, due}
		if _, err := c.Write(request); err != nil {
			c.Close() // its reader sees it, and counts it
		}
	}
	waiting.Wait()
	sort.Slice(all.times, func(i, j int) bool { return all.times[i] < all.times[j] })
	fmt.Fprintf(os.Stdout, `{"answers":%d,"errors":%d,"p50_us":%d,"p90_us":%d,"p99_us":%d,"max_us":%d}`+"\n",
		len(all.times), all.errors, all.microseconds(0.5), all.microseconds(0.9), all.microseconds(0.99),
		all.microseconds(1))
}
