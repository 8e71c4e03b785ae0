extension LimiterScript {
  static let sends = #"""
    -- A send: receipt, lands by, until, 1 if it has its answer, the answer.
    local function state(send)
      if send[4] == 1 then return {'answered', send[5]} end
      return {now < send[2] and 'flying' or 'lost'}
    end
    local function sent(name)
      local raw = get(name)
      if not raw then return nil end
      local send = cmsgpack.unpack(raw)
      return send[3] > now and send or nil
    end

    -- A list by browser: browser, value, browser, value; at most 16 of them, the latest last.
    local function browsers(name, is_kept)
      local raw, kept = get(name), {}
      if raw then
        raw = cmsgpack.unpack(raw)
        for i = 1, #raw, 2 do
          if is_kept(raw[i + 1]) then kept[#kept + 1], kept[#kept + 2] = raw[i], raw[i + 1] end
        end
      end
      return kept
    end
    local function find(items, browser)
      for i = 1, #items, 2 do if items[i] == browser then return items[i + 1] end end
      return nil
    end
    local function put(items, browser, value)
      local rest = {}
      for i = 1, #items, 2 do
        if items[i] ~= browser then rest[#rest + 1], rest[#rest + 2] = items[i], items[i + 1] end
      end
      if value then rest[#rest + 1], rest[#rest + 2] = browser, value end
      if #rest > 32 then
        table.remove(rest, 1)
        table.remove(rest, 1)
      end
      return rest
    end
    -- Of each browser a stack: its sends, the oldest first. The newest counts; those before it are what it gives way to
    -- when it is given back.
    local function running(name)
      return browsers(name, function(stack)
        for i = #stack, 1, -1 do if stack[i][3] <= now then table.remove(stack, i) end end
        return #stack > 0
      end)
    end
    local function newest(name, browser)
      local stack = find(running(name), browser)
      return stack and stack[#stack]
    end
    local function place(stack, receipt)
      for i, send in ipairs(stack or {}) do if send[1] == receipt then return i end end
      return nil
    end
    local function save_running(name, items)
      if #items == 0 then return remove(name) end
      local last = 0
      for i = 2, #items, 2 do for _, send in ipairs(items[i]) do last = math.max(last, send[3]) end end
      set(name, cmsgpack.pack(items), last)
    end
    local function known(name) return browsers(name, function(time) return time > now end) end
    local function ever_known(name) return browsers(name, function() return true end) end
    -- The number's rows in its browsers are named as `RecordKey` names them: the row, the number, the browser.
    local function texts()
      local items = {}
      for i = 1, num() do items[i] = arg() end
      return items
    end
    local function remove_rows(prefixes, browser)
      for _, prefix in ipairs(prefixes) do remove(prefix .. browser) end
    end
    local function is_marked(name)
      local time = get(name)
      return time and tonumber(time) > now
    end
    local function mark(name, time) set(name, string.format('%.0f', time), time) end

    """#
}
