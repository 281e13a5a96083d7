import type { Redis } from 'ioredis';
import { MOST_LOSERS } from './take-places.js';
import type { UsageStore } from './usage-store.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export interface RedisUsageOptions {
  /** Prefix of the Redis keys. @defaultValue `gatecast` */
  readonly prefix?: string;
}

/** Removes expired names, then adds all new names or none, in one atomic step. */
const CLAIM = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local count = redis.call('ZCARD', KEYS[1])
for i = 4, #ARGV do
  if not redis.call('ZSCORE', KEYS[1], ARGV[i]) then count = count + 1 end
end
if count > tonumber(ARGV[3]) then return 0 end
for i = 4, #ARGV do
  redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[i])
end
redis.call('PEXPIREAT', KEYS[1], ARGV[2], 'GT')
redis.call('PEXPIREAT', KEYS[1], ARGV[2], 'NX')
return 1
`;

/**
 * `takePlaces` in one atomic step. Returns 1 and the names that have lost their place; or 0, and another value if one of the own names has.
 * The hash has a value `<end> <order> <1 if it has lost its place>` for each name, and the last order in `seq`, which no name is. The
 * order is that in which places were taken or lost.
 */
const TAKE = `
local key, now, til, max, starts = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local all = redis.call('HGETALL', key)
local own, ownCount, places, lost, others, ends = {}, 0, {}, {}, {}, til
for i = 5, #ARGV do
  if not own[ARGV[i]] then ownCount = ownCount + 1 end
  own[ARGV[i]] = true
end
for i = 1, #all, 2 do
  local name = all[i]
  local e, order, isLost = string.match(all[i + 1], '^(%d+) (%d+) ([01])$')
  if e then
    e = tonumber(e)
    if e <= now then redis.call('HDEL', key, name)
    else
      if e > ends then ends = e end
      if isLost == '1' then lost[name] = tonumber(order)
      else
        places[name] = { e, tonumber(order) }
        if not own[name] then others[#others + 1] = name end
      end
    end
  end
end
local tooMany = math.max(0, #others + ownCount - max)
if ownCount > max then return { 0 } end
if not starts then
  for name in pairs(own) do if lost[name] then return { 0, '1' } end end
  if tooMany > 0 then return { 0 } end
end
table.sort(others, function(a, b) return places[a][2] < places[b][2] end)
local result = { 1 }
local function put(name, e, order, isLost)
  redis.call('HSET', key, name, string.format('%.0f %.0f %s', e, order, isLost))
end
for i = 1, tooMany do
  lost[others[i]] = redis.call('HINCRBY', key, 'seq', 1)
  put(others[i], places[others[i]][1], lost[others[i]], '1')
  result[#result + 1] = others[i]
end
for i = 5, #ARGV do
  local name = ARGV[i]
  local known = places[name]
  local e = known and math.max(known[1], til) or til
  local order = known and not starts and known[2] or redis.call('HINCRBY', key, 'seq', 1)
  put(name, e, order, '0')
  lost[name] = nil
end
local losers = {}
for name in pairs(lost) do losers[#losers + 1] = name end
table.sort(losers, function(a, b) return lost[a] < lost[b] end)
for i = 1, #losers - ${String(MOST_LOSERS)} do redis.call('HDEL', key, losers[i]) end
redis.call('PEXPIREAT', key, string.format('%.0f', ends))
return result
`;

/** A usage store that several instances share through Redis 7 or Valkey. `client` is a client of `ioredis`. */
export function redisUsageStore(client: Redis, options: RedisUsageOptions = {}): UsageStore {
  requireKnownOptions('redisUsageStore', options, optionNames);
  const { prefix = 'gatecast' } = options;
  return {
    async revoke(tokenId, expiresAtMs) {
      await client.set(`${prefix}:revoked:${tokenId}`, '1', 'PXAT', Math.ceil(expiresAtMs));
    },
    async isRevoked(tokenId) {
      return (await client.exists(`${prefix}:revoked:${tokenId}`)) === 1;
    },
    async claim({ user, watched, max, nowMs, untilMs }) {
      const key = `${prefix}:watched:${user}`;
      return (await client.eval(CLAIM, 1, key, nowMs, Math.ceil(untilMs), max, ...new Set(watched))) === 1;
    },
    async take({ user, watched, max, nowMs, untilMs, isStart }) {
      const key = `${prefix}:places:${user}`;
      const names = new Set(watched);
      const facts = [nowMs, Math.ceil(untilMs), max, isStart ? '1' : '0', ...names];
      const [code, ...more] = (await client.eval(TAKE, 1, key, ...facts)) as [number, ...string[]];
      return code === 1
        ? { isAllowed: true, lost: more }
        : { isAllowed: false, lost: [], hasMoved: more.length > 0 };
    },
  };
}

const optionNames: Readonly<Record<keyof RedisUsageOptions, true>> = {
  prefix: true,
};
