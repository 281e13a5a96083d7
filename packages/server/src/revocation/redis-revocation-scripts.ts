// Lua scripts of the revocations in Redis. Each runs as one atomic step. The keys are those of `RevocationKeys`, in this order:
//   list   hash: name of a target -> `<stamp> <put or allow> <time until which it is kept> <revocation as JSON>`
//   ends   sorted set: name of a target -> time until which it is kept, in milliseconds
//   order  sorted set: name of a target -> position of its last write
//   state  hash: `position` and `mark` of the last write
//   log    list: marks of the last writes, the latest first
// A position is the time of Redis in microseconds, and higher than all before. After a loss of data, it is also higher than what
// was lost, so that nobody takes a new write for an old one. A mark is a position and a random part.

/** Marks that are kept. An instance that has missed more writes reads the whole list. */
const MARKS = 1000;

const COMMON = `
local list, ends, order, state, log = unpack(KEYS)
local function text(number) return string.format('%.0f', number) end
local function newPosition(after)
  local time = redis.call('TIME')
  local last = tonumber(redis.call('HGET', state, 'position') or '0')
  return math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), last + 1, tonumber(after) + 1)
end
local function setMark(position, random)
  local mark = text(position) .. '.' .. random
  redis.call('HSET', state, 'position', text(position), 'mark', mark)
  redis.call('LPUSH', log, mark)
  redis.call('LTRIM', log, 0, ${String(MARKS - 1)})
  return mark
end
local function expire()
  local last = redis.call('ZREVRANGE', ends, 0, 0, 'WITHSCORES')[2]
  for index = 1, 3 do redis.call('PEXPIREAT', KEYS[index], last) end
end
-- What is shortened is kept as long as what it replaces, for those who have missed it.
local function keptUntil(name, endMs)
  return text(math.max(tonumber(endMs), tonumber(redis.call('ZSCORE', ends, name) or '0')))
end
local function publish(channel, previous, mark, entry)
  local body = string.match(entry, '^%d+ (.*)$')
  local sent = redis.pcall('PUBLISH', channel, (previous or '-') .. ' ' .. mark .. ' ' .. body)
  return type(sent) == 'table' and sent.err or ''
end
`;

/**
 * Removes what has ended, adds one entry, and tells the instances. Values: channel, random part, position that is known, most
 * entries, name, revocation, end, now. Result: stamp, why the message was not sent, and time until which it is kept.
 */
export const PUT = `${COMMON}
local channel, random, after, max, name, json, endMs, now = unpack(ARGV)
local ended = redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 1000)
if #ended > 0 then
  redis.call('HDEL', list, unpack(ended))
  redis.call('ZREM', ends, unpack(ended))
  redis.call('ZREM', order, unpack(ended))
end
if redis.call('HEXISTS', list, name) == 0 and redis.call('HLEN', list) >= tonumber(max) then return -1 end
local previous = redis.call('HGET', state, 'mark')
local position = newPosition(after)
local kept = keptUntil(name, endMs)
local entry = text(position) .. ' put ' .. kept .. ' ' .. json
redis.call('HSET', list, name, entry)
redis.call('ZADD', ends, kept, name)
redis.call('ZADD', order, text(position), name)
expire()
local mark = setMark(position, random)
return { text(position), publish(channel, previous, mark, entry), kept }
`;

/** Lifts one entry. Values: channel, random part, position that is known, name. Result: stamp, why not sent, and the entry. */
export const REMOVE = `${COMMON}
local channel, random, after, name = unpack(ARGV)
local body = string.match(redis.call('HGET', list, name) or '', '^%d+ put (.*)$')
if not body then return -1 end
local previous = redis.call('HGET', state, 'mark')
local position = newPosition(after)
local entry = text(position) .. ' allow ' .. body
redis.call('HSET', list, name, entry)
redis.call('ZADD', order, text(position), name)
local mark = setMark(position, random)
return { text(position), publish(channel, previous, mark, entry), entry }
`;

/** A part of the list. Values: position, entries of the part, mark that is known. Result: mark, is known, last position, entries. */
export const READ = `${COMMON}
local after, size, known = unpack(ARGV)
local part = redis.call('ZRANGEBYSCORE', order, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, size)
local names = {}
for index = 1, #part, 2 do names[#names + 1] = part[index] end
local isKnown = known ~= '' and redis.call('LPOS', log, known)
return {
  redis.call('HGET', state, 'mark') or '',
  isKnown and 1 or 0,
  part[#part] or '',
  #names > 0 and redis.call('HMGET', list, unpack(names)) or {},
}
`;

/**
 * Writes entries back, each unless the store has this one or a later one. Values: random part, position that is known, and name,
 * stamp, entry and end of keeping of each. Result: number of entries that were missing.
 */
export const RESTORE = `${COMMON}
local position = newPosition(ARGV[2])
local count = 0
for index = 3, #ARGV, 4 do
  local name, stamp, entry, endMs = unpack(ARGV, index, index + 3)
  local held = string.match(redis.call('HGET', list, name) or '', '^%d+')
  if not held or tonumber(held) < tonumber(stamp) then
    redis.call('HSET', list, name, entry)
    redis.call('ZADD', ends, keptUntil(name, endMs), name)
    redis.call('ZADD', order, text(position + count), name)
    count = count + 1
  end
end
if count == 0 then return 0 end
expire()
setMark(position + count - 1, ARGV[1])
return count
`;
