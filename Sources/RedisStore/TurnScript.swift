/// The three scripts of a turn (see `Turn`). They know lines and leases, keys and bytes, and nothing of limits.
enum TurnScript: Int, CaseIterable {
  /// Gives the turn to the caller if nobody has it and nobody is before it in line who still asks, and answers with the
  /// records; else puts the caller into the line.
  ///
  /// KEYS: turn, line, asked, records… ARGV: who asks, the turn's own name, its lease and how long somebody in line may
  /// go without asking, in milliseconds. Answers with Redis' time and the records, or with the place in line, the first
  /// being 0.
  ///
  /// The order in line is a count and no time, and a time that is ahead counts as long ago: Redis' clock may be set, and a
  /// replica's may be another. So a lease that has longer to go than a lease is one that nobody has any more; if somebody
  /// has, the turn's name keeps him from writing.
  ///
  /// A Redis that is full lets a script write anything once it has written what takes no room: so it begins with that, and
  /// turns are given there too, in which one may look and remove.
  case take
  /// Writes what changed and ends the turn, if it is still the caller's.
  ///
  /// KEYS: turn, records… ARGV: the turn's own name, then a record and for how many milliseconds it is kept, for each: 0
  /// for ever, -1 to delete it. A Redis that is full refuses it as a whole, unless it begins by deleting something.
  case put
  /// Ends the turn, if it is still the caller's. KEYS: turn. ARGV: the turn's own name.
  case end

  var text: String {
    switch self {
    case .take:
      #"""
      redis.call('HDEL', KEYS[3], '-')
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local function leave(name)
        redis.call('ZREM', KEYS[2], name)
        redis.call('HDEL', KEYS[3], name)
      end
      if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[3]) or redis.call('EXISTS', KEYS[1]) == 0 then
        local first = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
        while first and first ~= ARGV[1] do
          local silence = now - tonumber(redis.call('HGET', KEYS[3], first) or 0)
          if silence >= 0 and silence <= tonumber(ARGV[4]) then break end
          leave(first)
          first = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
        end
        if not first or first == ARGV[1] then
          redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
          leave(ARGV[1])
          return {now, #KEYS > 3 and redis.call('MGET', unpack(KEYS, 4)) or {}}
        end
      end
      if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then
        redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[3], '', 1), ARGV[1])
      end
      redis.call('HSET', KEYS[3], ARGV[1], now)
      redis.call('PEXPIRE', KEYS[2], 60000)
      redis.call('PEXPIRE', KEYS[3], 60000)
      return redis.call('ZRANK', KEYS[2], ARGV[1])
      """#
    case .put:
      #"""
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('FENCED the turn was over') end
      for i = 2, #KEYS do
        local record, life = ARGV[2 * i - 2], ARGV[2 * i - 1]
        if life == '-1' then
          redis.call('DEL', KEYS[i])
        elseif life == '0' then
          redis.call('SET', KEYS[i], record)
        else
          redis.call('SET', KEYS[i], record, 'PX', life)
        end
      end
      redis.call('DEL', KEYS[1])
      return 1
      """#
    case .end:
      "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1"
    }
  }
}
