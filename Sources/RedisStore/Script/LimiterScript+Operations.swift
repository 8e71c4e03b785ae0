extension LimiterScript {
  static let operations = #"""
    if operation == 'charge' then
      local watching, is_send, browser = arg() == 'watch', arg() == '1', arg()
      local known_key, running_key, pending_key = key(), key(), key()
      local nonce_key, claim_key
      if arg() == '1' then nonce_key = key() end
      if arg() == '1' then claim_key = key() end
      local receipt, nonce_life, running_life, flight = arg(), num(), num(), num()
      local all, of_known, of_stranger, gs = rules(), rules(), rules(), guards()

      if claim_key and is_marked(claim_key) then return answer('used') end
      if nonce_key then
        local send = sent(nonce_key)
        if send then return answer('repeated', state(send)) end
      end
      local is_known = find(known(known_key), browser) ~= nil
      for _, r in ipairs(is_known and of_known or of_stranger) do all[#all + 1] = r end
      if is_known then gs = {} end

      local counters, reasons, between = {}, {}, false
      for i, r in ipairs(all) do
        counters[i] = counter(r)
        local w = wait(counters[i], r, r.gaps)
        if w ~= 0 then
          reasons[#reasons + 1], reasons[#reasons + 2] = i, w
          between = between or #r.gaps > 0
        end
      end
      if between and is_send then
        local send = newest(running_key, browser)
        if send then return answer('repeated', state(send)) end
      end

      local notices, states, closed = {}, {}, {}
      for i, g in ipairs(gs) do
        states[i] = guard_state(g)
        local closing = judge(g, states[i])
        if closing then
          notices[#notices + 1] = {'closed', i, closing[1], closing[2], closing[3]}
          guard_save(g, states[i])
        end
        local w = states[i].untl - now
        if w > 0 then closed[#closed + 1], closed[#closed + 2] = i, w end
      end
      if #reasons + #closed > 0 and not watching then
        return answer('refused', is_known and 1 or 0, reasons, closed, notices)
      end

      local left, next = {}, 0
      for i, r in ipairs(all) do
        add(counters[i], r)
        local sum = total(counters[i])
        for _, percent in ipairs(ring(counters[i], r)) do
          notices[#notices + 1] = {'reached', i, percent, sum}
        end
        left[i] = math.max(0, r.count - sum)
        local w = wait(counters[i], r, r.next)
        if w == -1 or next == -1 then next = -1 else next = math.max(next, w) end
        save(r, counters[i])
      end
      for i, g in ipairs(gs) do
        add(states[i].sent, g)
        guard_save(g, states[i])
      end
      if is_send then
        mark(pending_key, now + 3600000)
        if nonce_key then
          set(nonce_key, cmsgpack.pack({receipt, now + flight, now + nonce_life, 0, ''}), now + nonce_life)
        end
        local items = running(running_key)
        local stack = find(items, browser) or {}
        stack[#stack + 1] = {receipt, now + flight, now + running_life, 0, ''}
        if #stack > 4 then table.remove(stack, 1) end
        save_running(running_key, put(items, browser, stack))
      end
      return answer('admitted', is_known and 1 or 0, reasons, closed, notices, left, next)

    elseif operation == 'finish' then
      local pending_key, running_key = key(), key()
      local nonce_key
      if arg() == '1' then nonce_key = key() end
      local receipt, browser, text, time = arg(), arg(), arg(), num()
      local gs = guards()
      if not is_marked(pending_key) then return answer(0) end
      remove(pending_key)
      local notices = take_out(gs, time, {})
      local send = nonce_key and sent(nonce_key)
      if send and send[1] == receipt then
        send[4], send[5] = 1, text
        set(nonce_key, cmsgpack.pack(send), send[3])
      end
      local items = running(running_key)
      local stack = find(items, browser)
      local i = place(stack, receipt)
      if i then
        stack[i][4], stack[i][5] = 1, text
        for _ = 2, i do table.remove(stack, 1) end
        save_running(running_key, put(items, browser, stack))
      end
      return answer(1, notices)

    elseif operation == 'refund' then
      local pending_key, running_key = key(), key()
      local nonce_key
      if arg() == '1' then nonce_key = key() end
      local receipt, browser, time = arg(), arg(), num()
      local all, gs = rules(), guards()
      if not is_marked(pending_key) then return answer(0) end
      remove(pending_key)
      for _, r in ipairs(all) do
        local c = counter(r)
        take_back(c, r, time)
        save(r, c)
      end
      local notices = take_out(gs, time, {})
      local send = nonce_key and sent(nonce_key)
      if send and send[1] == receipt then remove(nonce_key) end
      local items = running(running_key)
      local stack = find(items, browser)
      local i = place(stack, receipt)
      if i then
        table.remove(stack, i)
        save_running(running_key, put(items, browser, #stack > 0 and stack or nil))
      end
      return answer(1, notices)

    elseif operation == 'answer' then
      local running_key = key()
      local nonce_key
      if arg() == '1' then nonce_key = key() end
      local browser = arg()
      local send = nonce_key and sent(nonce_key) or newest(running_key, browser)
      return answer(send and state(send) or {'none'})

    elseif operation == 'claim' then
      local claim_key, known_key, running_key = key(), key(), key()
      local life, known_life, browser, time = num(), num(), arg(), num()
      local prefixes = texts()
      local wrong = rules()
      local cleared = {}
      for i = 1, num() do cleared[i] = key() end
      local gs = guards()
      if is_marked(claim_key) then return answer(0) end
      mark(claim_key, now + life)
      for _, r in ipairs(wrong) do
        local c = counter(r)
        take_back(c, r, time)
        save(r, c)
      end
      for _, name in ipairs(cleared) do remove(name) end
      local items = known(known_key)
      -- A guard that counted the successes of sends that it did not count would never close.
      if find(items, browser) then gs = {} end
      local notices = {}
      for i, g in ipairs(gs) do
        local s = guard_state(g)
        guard_trim(g, s)
        add(s.verified, g)
        keep(s.verified, total(s.sent))
        reopen(g, s, i, notices)
        guard_save(g, s)
      end
      items = put(items, browser, now + known_life)
      -- Who is no longer in the list is found by nobody: what was counted there must not outlive that.
      local before = ever_known(known_key)
      for i = 1, #before, 2 do
        if not find(items, before[i]) then remove_rows(prefixes, before[i]) end
      end
      local last = now
      for i = 2, #items, 2 do last = math.max(last, items[i]) end
      set(known_key, cmsgpack.pack(items), last)
      items = running(running_key)
      if find(items, browser) then save_running(running_key, put(items, browser, nil)) end
      return answer(1, notices)

    elseif operation == 'counts' then
      local all, gs, counts = rules(), guards(), {}
      for _, r in ipairs(all) do
        local c = counter(r)
        counts[#counts + 1], counts[#counts + 2] = total(c), wait(c, r, r.gaps)
      end
      for _, g in ipairs(gs) do
        local s = guard_state(g)
        trim(s.sent, g.window)
        counts[#counts + 1], counts[#counts + 2] = total(s.sent), math.max(0, s.untl - now)
      end
      return answer(counts)

    elseif operation == 'clear' then
      for _ = 1, num() do remove(key()) end
      return answer(1)

    elseif operation == 'browsers' then
      local items, names = known(key()), {}
      for i = 1, #items, 2 do names[#names + 1] = items[i] end
      return answer(names)

    elseif operation == 'forget' then
      local known_key, prefixes = key(), texts()
      local is_legible, items = pcall(ever_known, known_key)
      if not is_legible then items = {} end
      for i = 1, #items, 2 do remove_rows(prefixes, items[i]) end
      for _ = 1, num() do remove(key()) end
      remove(known_key)
      return answer(1)
    end
    return redis.error_reply('UNKNOWN operation')
    """#
}
