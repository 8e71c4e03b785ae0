/// The three scripts of a turn (see `Turn`). They handle the queue and leases, keys and bytes, and know nothing about
/// limits.
enum TurnScript: Int, CaseIterable {
  /// Grants the turn to the caller and returns the records, unless a process has it or one ahead in the queue is still
  /// asking; then it adds the caller to the queue.
  ///
  /// KEYS: turn, queue, asked, records… ARGV: the caller, the turn's name, the turn's lease, and how long a waiting
  /// process may go without asking, both in milliseconds. It returns Redis's time and the records, or the caller's
  /// position in the queue, starting from 0.
  ///
  /// The order in the queue is a counter rather than a time, and a time in the future counts as long ago: Redis's clock
  /// may be changed, and a replica's may differ. So a turn whose lease has longer to go than a full lease counts as
  /// abandoned; if it is not, the turn's name keeps its owner from writing.
  ///
  /// A full Redis lets a script write anything once the script has begun with a command that takes no room, so this one
  /// begins that way. Turns are granted there too, for reading and deleting.
  case take
  /// Writes the changes and ends the turn, if it is still the caller's.
  ///
  /// KEYS: turn, records… ARGV: the turn's name, then for each record its bytes and how many milliseconds to keep it: 0
  /// means forever, -1 deletes it. A full Redis rejects the script as a whole, unless it begins by deleting something.
  case put
  /// Ends the turn, if it is still the caller's. KEYS: turn. ARGV: the turn's name.
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
