-- What wrk sends, and how the answers are judged. Each answer is looked at; those that come within the measured time are
-- counted. Settings come from the environment, because wrk hands over no names:
--   BENCH_TASK      register, verify, or collect (register, and note what the form of each PIN page holds)
--   BENCH_WARM_UP   seconds before anything is counted
--   BENCH_SECONDS   seconds that are counted
--   BENCH_FIRST     the first number; each request has one of its own
--   BENCH_TOKENS    the file of `requestId`s, a line each, with the browser's cookie after a tab
--   BENCH_EXPECTED  what a right page holds
local ffi = require("ffi")
ffi.cdef([[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *time);
]])

local task = os.getenv("BENCH_TASK")
local warm_up = tonumber(os.getenv("BENCH_WARM_UP"))
local seconds = tonumber(os.getenv("BENCH_SECONDS"))
local expected = os.getenv("BENCH_EXPECTED")
local monotonic = 1
local clock = ffi.new("bench_time")
local threads = {}

local function now()
  ffi.C.clock_gettime(monotonic, clock)
  return tonumber(clock.seconds) + tonumber(clock.nanoseconds) / 1e9
end

function setup(thread)
  table.insert(threads, thread)
end

-- Seen by done(): globals.
good, wrong, all_wrong = 0, 0, 0
-- By status, of all that were not 200, whenever they came.
statuses = {}
ran_out = -1
local started
local sent = tonumber(os.getenv("BENCH_FIRST"))
local tokens = {}
local notes
local fields = {
  ["Content-Type"] = "application/x-www-form-urlencoded",
  ["Sec-Fetch-Site"] = "same-origin",
  ["Accept-Language"] = "de-AT,de;q=0.9,en;q=0.5",
  -- As a program asks: it gets the page at once, where a browser is sent on to the page's address (`load/pace -browser`).
  ["Accept"] = "*/*",
  ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
}

function init()
  if task == "verify" then
    for line in io.lines(os.getenv("BENCH_TOKENS")) do
      table.insert(tokens, line)
    end
    sent = 0
  elseif task == "guarded" then
    -- Made before, so that little is left to do for each: the questions are many more than registrations.
    for line in io.lines(os.getenv("BENCH_TOKENS")) do
      table.insert(tokens, wrk.format("GET", os.getenv("BENCH_PATH"), { ["User-Agent"] = fields["User-Agent"], ["Cookie"] = line }))
    end
  elseif task == "collect" then
    notes = assert(io.open(os.getenv("BENCH_TOKENS"), "w"))
  end
end

-- Seven digits that look like chance, no two alike among ten million: 7,368,787 shares no factor with them.
local function number(index)
  return string.format("43660%07d", index * 7368787 % 10000000)
end

local function address(index)
  local scattered = index * 40503 % 16777216
  return string.format("10.%d.%d.%d", math.floor(scattered / 65536), math.floor(scattered / 256) % 256, scattered % 256)
end

function request()
  if not started then started = now() end
  sent = sent + 1
  if task == "guarded" then return tokens[sent % #tokens + 1] end
  fields["X-Forwarded-For"] = address(sent)
  if task ~= "verify" then
    return wrk.format("POST", "/register", fields, "number=" .. number(sent))
  end
  local line = tokens[sent]
  if not line then
    if ran_out < 0 then ran_out = now() - started end
    line = ""
  end
  local token, cookie = line:match("^([^\t]*)\t?(.*)$")
  fields["Cookie"] = cookie ~= "" and cookie or nil
  return wrk.format("POST", "/verify", fields, "pin=123456&requestId=" .. token)
end

function response(status, header, body)
  local is_right = status == 200 and body:find(expected, 1, true) ~= nil
  local time = now() - started
  local counts = ran_out < 0 and time >= warm_up and time < warm_up + seconds
  if is_right then
    if counts then good = good + 1 end
  else
    all_wrong = all_wrong + 1
    if counts then wrong = wrong + 1 end
    local name = "status " .. status
    statuses[name] = (statuses[name] or 0) + 1
  end
  if notes and is_right then
    local cookie = header["Set-Cookie"]
    notes:write(body:match('name="requestId" value="([^"]+)"'), "\t", cookie and cookie:match("^[^;]+") or "", "\n")
  end
end

-- One line of JSON: what Benchmarks/bench/load.py reads.
function done(summary, latency)
  local sum = { good = 0, wrong = 0, all_wrong = 0 }
  local by_status = {}
  local out_after = -1
  for _, thread in ipairs(threads) do
    for name, count in pairs(sum) do
      sum[name] = count + thread:get(name)
    end
    for name, count in pairs(thread:get("statuses")) do
      table.insert(by_status, string.format("%d %s", count, name))
    end
    out_after = math.max(out_after, thread:get("ran_out"))
  end
  local errors = summary.errors
  print(string.format(
    '{"good":%d,"wrong":%d,"all_wrong":%d,"statuses":"%s","connect":%d,"read":%d,"write":%d,"timeout":%d,' ..
    '"ran_out_after":%.3f,"p50_us":%d,"p99_us":%d}',
    sum.good, sum.wrong, sum.all_wrong, table.concat(by_status, ", "), errors.connect, errors.read, errors.write,
    errors.timeout, out_after, latency:percentile(50), latency:percentile(99)))
end
