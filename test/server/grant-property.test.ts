import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  jwtIssuer,
  playbackJwtIssuer,
  stsSecurityIssuer,
  type Authorization,
  type IssueRequest,
  type TokenIssuer,
} from '@gatecast/server';
import { createFakeVendor } from '../../demo/backend/fake-vendor/fake-vendor.js';
import { CookieJar } from './support/cookie-jar.js';
import { DEFAULT_TTL, GrantWorld, keys, type Browser } from './support/grant-world.js';

const START_MS = 1_708_457_000_000;
const ROUNDS = 400;
const STREAMS = ['news', 'sport', 'film', 'constructor'];
const USERS = ['ann', 'bob'];
const PLAYLISTS = [2, 6, 14_400].flatMap((seconds) =>
  ['', '#EXT-X-ENDLIST\n'].map(
    (end) =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:${seconds}\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2,\na.m4s\n${end}`,
  ),
);

/** Numbers in [0, 1), the same for each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function vendorOptions(now: () => number) {
  const vendor = createFakeVendor({ apiKey: 'key', now });
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) =>
    vendor.request(input instanceof Request ? input.url : input.toString(), init);
  return { apiKey: 'key', now, fetch, ttlSeconds: DEFAULT_TTL, sleep: async () => undefined };
}

/** An issuer of a page's author, which knows neither `expiresAt` nor `id`. */
function ownIssuer(now: () => number, lifeOf: (request: IssueRequest) => number): TokenIssuer {
  const issue = async (request: IssueRequest) => {
    const expiresAt = Math.floor(now() / 1000) + lifeOf(request);
    return { token: `opaque-${expiresAt}`, expiresAt };
  };
  return { issue };
}

interface Kind {
  readonly create: (now: () => number) => TokenIssuer;
  /** The issuer adds claims of the grant to its tokens. */
  readonly hasClaims: boolean;
}

const kinds: Record<string, Kind> = {
  jwtIssuer: {
    create: (now) => jwtIssuer({ keys, now, ttlSeconds: DEFAULT_TTL, include: ['jti'] }),
    hasClaims: true,
  },
  'jwtIssuer with an end of its own': {
    create: (now) =>
      jwtIssuer({ keys, now, ttlSeconds: () => DEFAULT_TTL, claims: { plan: 'none', exp: 1e10 } }),
    hasClaims: true,
  },
  playbackJwtIssuer: {
    create: (now) => playbackJwtIssuer({ ...vendorOptions(now), url: 'http://vendor.test/api/v1/splay' }),
    hasClaims: false,
  },
  'playbackJwtIssuer that shares tokens': {
    create: (now) =>
      playbackJwtIssuer({
        ...vendorOptions(now),
        url: 'http://vendor.test/api/v1/splay',
        reuseFraction: 0.5,
        answerAs: 'token',
      }),
    hasClaims: false,
  },
  stsSecurityIssuer: {
    create: (now) => stsSecurityIssuer({ ...vendorOptions(now), url: 'http://vendor.test/secure/token' }),
    hasClaims: false,
  },
  'an own issuer that obeys ttlSeconds': {
    create: (now) => ownIssuer(now, ({ grant }) => grant.ttlSeconds ?? DEFAULT_TTL),
    hasClaims: false,
  },
};

async function run(kind: Kind, seed: number) {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const some = (list: readonly string[]) => list.filter(() => random() < 0.5);
  const clock = { nowMs: START_MS };
  const world = new GrantWorld(clock, kind.create);
  const browsers = Array.from({ length: 4 }, (): Browser => ({
    jar: new CookieJar(),
    user: undefined,
    allowed: new Map(),
  }));

  function decide(): Authorization & { readonly streams: readonly string[] } {
    const exp = world.nowSeconds + 1 + below(90);
    const claims = {
      ...(random() < 0.3 && { exp }),
      ...(kind.hasClaims && random() < 0.5 && { plan: oneOf(['gold', 'free']), regions: ['eu', below(9)] }),
      ...(kind.hasClaims && random() < 0.3 && { jti: `own-${below(20)}` }),
    };
    const ttlSeconds = random() < 0.7 ? 1 + below(60) : DEFAULT_TTL;
    return { streams: [...some(STREAMS), 'never-requested'], claims, ttlSeconds };
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    const browser = oneOf(browsers);
    const action = random();
    if (action < 0.4) {
      const purpose = random() < 0.1 ? 'ingest' : 'playback';
      const streams = [oneOf(STREAMS), ...some(STREAMS)];
      const sendsCookies = random() < 0.9;
      const user = random() < 0.8 ? (browser.user ?? oneOf(USERS)) : oneOf(USERS);
      const ask = {
        browser,
        user,
        streams: [...new Set(streams)],
        purpose,
        sendsCookies,
        decision: decide(),
      } as const;
      await world.requestTokens(ask);
    } else if (action < 0.8) {
      const stream = random() < 0.7 ? oneOf([...browser.allowed.keys(), ...STREAMS]) : oneOf(STREAMS);
      await world.playNatively(browser, stream, oneOf(PLAYLISTS));
    } else if (action < 0.85) {
      const allowed = [...browser.allowed.values()];
      const jti = allowed.length > 0 ? oneOf(allowed).jti : undefined;
      if (jti !== undefined) await world.revoke(jti);
    } else {
      clock.nowMs += below(20_000);
    }
  }
  return world.counts;
}

describe('no token is longer, broader, later or with fewer claims than its grant', () => {
  for (const [name, kind] of Object.entries(kinds)) {
    it(`from ${name} and the playlist signer, also after revocations and with seats taken`, async () => {
      const total = { endpoint: 0, signer: 0, refused: 0, revoked: 0, full: 0 };
      for (const seed of [1, 2, 3, 4]) {
        const counts = await run(kind, seed).catch((error: unknown) => {
          throw new Error(`It fails with the seed ${seed}.`, { cause: error });
        });
        for (const each of Object.keys(total) as (keyof typeof total)[]) total[each] += counts[each];
      }
      // Otherwise the test could pass because it saw nothing.
      assert.ok(
        total.endpoint > 50 && total.signer > 200 && total.refused > 50 && total.full > 20,
        JSON.stringify(total),
      );
      if (name === 'jwtIssuer') assert.ok(total.revoked > 5, JSON.stringify(total));
    });
  }

  it('from an own issuer that ignores the grant: each such token is refused', async () => {
    const greedy = { create: (now: () => number) => ownIssuer(now, () => DEFAULT_TTL + 1), hasClaims: false };
    const counts = await run(greedy, 5);
    assert.deepEqual([counts.endpoint, counts.signer], [0, 0]);
    assert.ok(counts.refused > 100);
  });
});
