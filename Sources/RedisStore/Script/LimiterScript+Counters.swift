extension LimiterScript {
  static let counters = #"""
    local LONGEST, MOST, DAY = 730 * 86400000, 64, 86400000

    -- A rule: key, count, window (0: until cleared), gaps, gaps of the next, alarms, and what they are percentages of.
    local function list()
      local items = {}
      for i = 1, num() do items[i] = num() end
      return items
    end
    local function rule()
      local r = {key = key(), count = num(), window = num()}
      r.forever = r.window == 0
      if r.forever then r.window = LONGEST end
      r.gaps, r.next, r.alarms, r.alarm_limit = list(), list(), list(), num()
      return r
    end
    local function rules()
      local items = {}
      for i = 1, num() do items[i] = rule() end
      return items
    end

    -- A counter: e, its entries as time, count, time, count; a, when its alarms rang.
    local function trim(c, window)
      local first = 1
      while c.e[first] and c.e[first] + window <= now do first = first + 2 end
      if first > 1 then
        local rest = {}
        for i = first, #c.e do rest[#rest + 1] = c.e[i] end
        c.e = rest
      end
      return c
    end
    local function counter(r)
      local raw = get(r.key)
      if not raw then return {a = {}, e = {}} end
      raw = cmsgpack.unpack(raw)
      return trim({a = raw[1], e = raw[2]}, r.window)
    end
    local function total(c, up_to)
      local sum = 0
      for i = 1, #c.e, 2 do if not up_to or c.e[i] <= up_to then sum = sum + c.e[i + 1] end end
      return sum
    end
    local function expires(c, window)
      local latest = c.e[#c.e - 1] or 0
      for _, time in ipairs(c.a) do latest = math.max(latest, time) end
      return latest + window
    end
    local function save(r, c) set(r.key, cmsgpack.pack({c.a, c.e}), expires(c, r.window)) end

    -- -1: for ever.
    local function wait(c, r, gaps)
      if r.count <= 0 then return -1 end
      local admits, sum = now, total(c)
      local surplus = sum - r.count + 1
      if surplus > 0 then
        if r.forever then return -1 end
        for i = 1, #c.e, 2 do
          surplus = surplus - c.e[i + 1]
          admits = math.max(admits, c.e[i] + r.window)
          if surplus <= 0 then break end
        end
      end
      if #gaps > 0 and #c.e > 0 then admits = math.max(admits, c.e[#c.e - 1] + gaps[math.min(sum, #gaps)]) end
      return admits - now
    end
    local function width(r) return math.max(1, math.floor(r.window / 60)) end
    local function add(c, r)
      local n = #c.e
      if n > 0 and (c.e[n - 1] >= now or r.forever) then
        c.e[n] = c.e[n] + 1
        c.e[n - 1] = math.max(c.e[n - 1], now)
        return
      end
      if n == 2 * MOST then
        local merged, w = {}, width(r)
        for i = 1, n, 2 do
          local m = #merged
          if m > 0 and math.floor(merged[m - 1] / w) == math.floor(c.e[i] / w) then
            merged[m - 1] = c.e[i]
            merged[m] = merged[m] + c.e[i + 1]
          else
            merged[m + 1], merged[m + 2] = c.e[i], c.e[i + 1]
          end
        end
        c.e = merged
      end
      n = #c.e
      c.e[n + 1], c.e[n + 2] = now, 1
    end
    local function ring(c, r)
      local rung, sum = {}, total(c)
      for i, percent in ipairs(r.alarms) do
        if not c.a[i] then c.a[i] = -1 end
        if sum * 100 >= r.alarm_limit * percent and (c.a[i] == -1 or c.a[i] + r.window <= now) then
          c.a[i] = now
          rung[#rung + 1] = percent
        end
      end
      return rung
    end
    local function take_back(c, r, time)
      if time + r.window <= now then return end
      for i = 1, #c.e, 2 do
        if c.e[i] >= time then
          local w = width(r)
          local near = r.forever or math.floor(c.e[i] / w) == math.floor(time / w)
          if c.e[i] == time or (c.e[i + 1] > 1 and near) then
            c.e[i + 1] = c.e[i + 1] - 1
            if c.e[i + 1] == 0 then
              table.remove(c.e, i + 1)
              table.remove(c.e, i)
            end
          end
          return
        end
      end
    end

    -- Lets the oldest go until there are no more than so many.
    local function keep(c, most)
      local surplus = total(c) - most
      while surplus > 0 and #c.e > 0 do
        local gone = math.min(surplus, c.e[2])
        c.e[2] = c.e[2] - gone
        surplus = surplus - gone
        if c.e[2] == 0 then
          table.remove(c.e, 1)
          table.remove(c.e, 1)
        end
      end
    end

    -- A guard: its terms, and closed until, closings, sent, verified.
    local function guards()
      local items = {}
      for i = 1, num() do
        local g = {key = key(), sends = num(), percent = num(), window = num(), grace = num()}
        g.closes, g.most = num(), num()
        g.count, g.forever = 1000000, false
        items[i] = g
      end
      return items
    end
    local function guard_state(g)
      local raw = get(g.key)
      if not raw then return {untl = 0, closings = 0, sent = {a = {}, e = {}}, verified = {a = {}, e = {}}} end
      raw = cmsgpack.unpack(raw)
      return {untl = raw[1], closings = raw[2], sent = {a = {}, e = raw[3]}, verified = {a = {}, e = raw[4]}}
    end
    local function guard_save(g, s)
      set(g.key, cmsgpack.pack({s.untl, s.closings, s.sent.e, s.verified.e}),
        math.max(expires(s.sent, g.window), expires(s.verified, g.window), s.untl + DAY))
    end
    -- Not while it is closed: what it was closed for is what has to become better.
    local function guard_trim(g, s)
      if s.untl > now then return end
      trim(s.sent, g.window)
      trim(s.verified, g.window)
    end
    local function is_poor(g, judged, verified) return judged >= g.sends and verified * 100 < judged * g.percent end
    local function judge(g, s)
      if s.untl > now then return nil end
      guard_trim(g, s)
      local judged, verified = total(s.sent, now - g.grace), total(s.verified)
      if not is_poor(g, judged, verified) then return nil end
      s.closings = (s.untl > 0 and s.untl + DAY > now) and s.closings + 1 or 1
      local span = math.min(g.closes * 2 ^ math.min(s.closings - 1, 20), g.most)
      s.untl = now + span
      return {span, judged, verified}
    end
    -- Opens what would not be closed for what is known by now, as if it had not been closed for that.
    local function reopen(g, s, i, notices)
      if s.untl <= now then return end
      local judged, verified = total(s.sent, now - g.grace), total(s.verified)
      if is_poor(g, judged, verified) then return end
      s.untl, s.closings = now, math.max(0, s.closings - 1)
      notices[#notices + 1] = {'opened', i, judged, verified}
    end
    local function take_out(gs, time, notices)
      for i, g in ipairs(gs) do
        local s = guard_state(g)
        take_back(s.sent, g, time)
        reopen(g, s, i, notices)
        guard_save(g, s)
      end
      return notices
    end

    """#
}
