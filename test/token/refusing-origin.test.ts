import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, secretOf, withFreshToken, type Token } from '@gatecast/token';
import { EventRecorder, FakeTokenBackend, seededRandom } from '../support/fake-token-backend.js';
import { settle } from '../support/fake-clock.js';

interface Scenario {
  readonly lifeSeconds: number;
  /** The origin refuses every token in this time, in seconds from the start. */
  readonly refusesFromS: number;
  readonly refusesUntilS: number;
  /** Does the origin refuse this token after that time, too? @defaultValue it does not */
  readonly isLost?: (value: string) => boolean;
  /** @defaultValue 90 */
  readonly watchesForS?: number;
  readonly answer?: FakeTokenBackend['answer'];
  readonly seed?: number;
}

/** A viewer who plays for some minutes: one request every two seconds, and after an error another after 2.5 to 4 s. */
async function watch({
  lifeSeconds,
  refusesFromS,
  refusesUntilS,
  isLost,
  watchesForS = 90,
  answer,
  seed = 1,
}: Scenario) {
  const random = seededRandom(seed);
  const backend = new FakeTokenBackend();
  const { time } = backend;
  backend.lifeSeconds = lifeSeconds;
  backend.latencyMs = 50;
  if (answer) backend.answer = answer;
  const manager = backend.manager(random);
  const recorder = new EventRecorder();
  manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
  const startMs = time.wallMs;
  const nowS = () => (time.wallMs - startMs) / 1000;
  const playedAtS: number[] = [];
  const codes = new Set<string>();
  const use = (token: Token) => {
    const isRefusing = nowS() >= refusesFromS && nowS() < refusesUntilS;
    if (isRefusing || isLost?.(secretOf(token.value))) return Promise.resolve({ kind: 'refused' as const });
    manager.accepted('a', token.version);
    return Promise.resolve({ kind: 'done' as const, result: token });
  };
  const state = { isBusy: false };
  let nextAtS = 0;
  const request = async () => {
    state.isBusy = true;
    try {
      await withFreshToken({
        stream: 'a',
        get: () => manager.get('a'),
        use,
        replace: (refused) => manager.rejected('a', refused.version),
      });
      playedAtS.push(nowS());
      nextAtS = nowS() + 2;
    } catch (error) {
      assert.ok(error instanceof GatecastError);
      codes.add(`${error.code} ${String(error.retryable)}`);
      nextAtS = nowS() + 2.5 + 1.5 * random();
    }
    state.isBusy = false;
  };
  while (nowS() < refusesUntilS + watchesForS) {
    if (!state.isBusy && nowS() >= nextAtS) void request();
    await time.advance(100);
    await settle();
  }
  const posts = backend.requests.map(({ atMs }) => (atMs - startMs) / 1000);
  const busiest = Math.max(...posts.map((from) => posts.filter((at) => at >= from && at < from + 60).length));
  return {
    backAfterS: (playedAtS.find((at) => at >= refusesUntilS) ?? Infinity) - refusesUntilS,
    busiest,
    codes,
  };
}

describe('a viewer of an origin that refuses every token for a while', () => {
  for (const lifeSeconds of [60, 300])
    for (const [refusesFromS, refusesUntilS] of [
      [0, 12],
      [20, 30],
      [20, 35],
      [20, 80],
    ] as const)
      it(`plays again within 5 s: tokens of ${lifeSeconds} s, refused from ${refusesFromS} to ${refusesUntilS} s`, async () => {
        for (let seed = 1; seed <= 5; seed += 1) {
          const { backAfterS, busiest, codes } = await watch({
            lifeSeconds,
            refusesFromS,
            refusesUntilS,
            seed,
          });
          assert.ok(backAfterS <= 5, `${backAfterS} s`);
          assert.ok(busiest <= 14, `${busiest} requests in a minute`);
          for (const code of codes) assert.match(code, /^token-rejected true$/);
        }
      });

  it('plays again with the next token, if no older one is ever accepted again', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      let isOver = false;
      let mints = 0;
      let lastLost = 0;
      const { backAfterS, busiest } = await watch({
        ...{ lifeSeconds: 300, refusesFromS: 20, refusesUntilS: 35, seed },
        answer: (request, usual) => {
          mints += 1;
          isOver ||= request.reason === 'rejected' && request.atMs >= Date.UTC(2030, 0, 1, 12) + 35_000;
          if (!isOver) lastLost = mints;
          return usual();
        },
        isLost: (value) => mints > 1 && Number(value.split('-')[1]) <= lastLost && lastLost > 1,
      });
      assert.ok(backAfterS <= 10, `${backAfterS} s`);
      assert.ok(busiest <= 14, `${busiest} requests in a minute`);
    }
  });

  it('plays on with the token that the origin accepts, and asks for others within the budget', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const { backAfterS, busiest, codes } = await watch({
        ...{ lifeSeconds: 300, refusesFromS: 0, refusesUntilS: 0, watchesForS: 290, seed },
        isLost: (value) => value !== 'a-1',
      });
      assert.ok(backAfterS <= 0.2);
      assert.ok(busiest <= 14, `${busiest} requests in a minute`);
      // The request that meets the second new token fails, and its repetition has the old token again.
      for (const code of codes) assert.equal(code, 'token-rejected true');
    }
  });

  it('plays again with the same token, if the backend has no other one', async () => {
    const only = { token: 'the-only-token' };
    const { backAfterS, busiest } = await watch({
      ...{ lifeSeconds: 300, refusesFromS: 0, refusesUntilS: 15 },
      answer: () => only,
    });
    assert.ok(backAfterS <= 5, `${backAfterS} s`);
    assert.ok(busiest <= 14, `${busiest} requests in a minute`);
  });

  it('plays again with the same token, if the backend fails as well', async () => {
    let requests = 0;
    const { backAfterS, busiest } = await watch({
      ...{ lifeSeconds: 300, refusesFromS: 20, refusesUntilS: 35 },
      answer: (_, usual) => {
        requests += 1;
        if (requests > 1) throw new Error('down');
        return usual();
      },
    });
    assert.ok(backAfterS <= 5, `${backAfterS} s`);
    assert.ok(busiest <= 14, `${busiest} requests in a minute`);
  });

  it('plays again if tokens of the same second are the same text', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const { backAfterS, busiest } = await watch({
        ...{ lifeSeconds: 60, refusesFromS: 0, refusesUntilS: 4, seed },
        answer: ({ atMs }) => {
          const second = Math.floor(atMs / 1000);
          return { token: `of-second-${second}`, expiresAt: second + 60, serverTime: second };
        },
      });
      assert.ok(backAfterS <= 5, `${backAfterS} s`);
      assert.ok(busiest <= 14, `${busiest} requests in a minute`);
    }
  });
});
