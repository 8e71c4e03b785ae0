extension LimiterScript {
  static let prologue = #"""
    local k, a = 1, 0
    local function key() k = k + 1 return KEYS[k] end
    local function arg() a = a + 1 return ARGV[a] end
    local function num() return tonumber(arg()) end

    -- All that is declared is read at once.
    local cache = {}
    for i, raw in ipairs(redis.call('MGET', unpack(KEYS))) do cache[KEYS[i]] = raw end
    local function get(name)
      if cache[name] == nil then cache[name] = redis.call('GET', name) end
      return cache[name]
    end

    local operation, boot, since, wall = arg(), arg(), num(), num()
    local birth, settled, settled_mark, newborn = arg(), num(), num(), arg()
    if wall < 0 then
      local time = redis.call('TIME')
      wall = time[1] * 1000 + math.floor(time[2] / 1000)
    end

    -- The limiter's clock: birth, latest, wall clock at latest, its form, and for each machine its boot, since boot, time,
    -- the highest seen, and the wall clock then.
    local FORM = 3
    local clock = get(KEYS[1])
    if clock then
      clock = cmsgpack.unpack(clock)
      if birth ~= '' and birth ~= clock[1] then return redis.error_reply('REPLACED by another store') end
      if clock[4] ~= FORM then
        return redis.error_reply('INCOMPATIBLE another form than ' .. FORM .. ': another PinGate wrote to it. ' ..
          'Deleting the keys of this prefix sets all limits back')
      end
      if birth ~= '' and clock[2] < settled then
        return redis.error_reply('REPLACED by an older copy of itself, ' .. (settled - clock[2]) .. ' ms behind')
      end
    else
      if birth ~= '' then return redis.error_reply('REPLACED by an empty store') end
      clock = {newborn, wall, wall, FORM, {}}
    end
    local anchors = clock[5]
    -- Mostly a boot has one anchor. Of several, which are of copies of a machine, the one that comes closest to the wall
    -- clock; the latest of two. A copy's boot clock is behind, or went further than the wall clock, unless that was set
    -- back, which tells nothing.
    local function fits(i)
      if anchors[i] ~= boot or anchors[i + 3] - 60000 > since then return false end
      local passed = wall - anchors[i + 4]
      return passed < -10000 or since - anchors[i + 3] <= passed + 10000
    end
    local expected = clock[2] + math.max(0, wall - clock[3])
    local place, now = nil, expected
    for i = 1, #anchors, 5 do
      if fits(i) then
        local time = anchors[i + 2] + since - anchors[i + 1]
        if not place or math.abs(time - expected) <= math.abs(now - expected) then place, now = i, time end
      end
    end
    local known_boot = place ~= nil
    local function take(i)
      local entry = {}
      for j = 1, 5 do entry[j] = table.remove(anchors, i) end
      return entry
    end
    local anchor = place and take(place)
    if now > clock[2] then
      -- One that was set back would seem to skip ahead when it is right again after a boot.
      clock[3] = math.max(clock[3] + now - clock[2], wall)
    else
      now = clock[2]
    end
    anchor = anchor or {boot, since, now, since, wall}
    if since >= anchor[4] then anchor[4], anchor[5] = since, wall end
    for j = 1, 5 do anchors[#anchors + 1] = anchor[j] end
    local of_boot = {}
    for i = 1, #anchors, 5 do if anchors[i] == boot then of_boot[#of_boot + 1] = i end end
    if #of_boot > 4 then take(of_boot[1]) elseif #anchors > 160 then take(1) end

    -- The link's own mark, which nobody else writes: in an older copy of the store it is older or missing, whoever has
    -- written to that since. After a day it may be gone by itself.
    local mark_key = settled_mark >= 0 and key() or nil
    local mark_time = mark_key and tonumber(get(mark_key) or 0) or 0
    if mark_time < settled_mark and (mark_time > 0 or now - settled_mark < 86400000) then
      return redis.error_reply('REPLACED by an older copy of itself')
    end

    local written = not known_boot
    -- Redis' own expiry follows the wall clock: a step of it by a day must not take a counter away.
    local slack = 26 * 3600000
    -- Redis takes nothing back of a script that fails, as one does that meets a record which cannot be read: all is written
    -- at the end, when nothing can fail any more but the first write, for want of memory.
    local writes = {}
    local function set(name, value, expires)
      local life = math.max(1, expires - now) + slack
      if life % 1 ~= 0 or life > 2 ^ 53 then error('a record with a time that was never written') end
      written = true
      cache[name] = value
      writes[#writes + 1] = {'SET', name, value, 'PX', life}
    end
    local function remove(name)
      if get(name) then
        written = true
        cache[name] = false
        writes[#writes + 1] = {'DEL', name}
      end
    end
    local function answer(...)
      for _, write in ipairs(writes) do redis.call(unpack(write)) end
      if written then
        redis.call('SET', KEYS[1], cmsgpack.pack({clock[1], now, clock[3], FORM, anchors}))
        if mark_key and mark_time + 2000 <= now then
          mark_time = now
          redis.call('SET', mark_key, string.format('%.0f', now), 'PX', 86400000 + slack)
        end
      end
      return {{clock[1], written and now or clock[2], mark_time}, now, ...}
    end

    """#
}
