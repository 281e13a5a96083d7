import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  fetchAuthorized,
  endpointSource,
  parsePlacement,
  redact,
  TokenManager,
  type TokenEvent,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { fakeJwt } from '../support/jwt.js';

const SENTINEL = 'S3nt1nelS3nt1nel';

/** Everything that a value shows of itself, down its causes, also what JSON leaves out. */
function shownBy(value: unknown): string {
  if (!(value instanceof Error))
    return `${String(value)} ${JSON.stringify(value)} ${JSON.stringify(redact(value))}`;
  const own = Object.getOwnPropertyNames(value).map((key) => String(Reflect.get(value, key)));
  const cause = value.cause === undefined ? '' : shownBy(value.cause);
  return [
    String(value),
    value.stack,
    JSON.stringify(value),
    JSON.stringify(redact({ value })),
    ...own,
    cause,
  ].join('\n');
}

const time = new FakeClock();
const nowSeconds = () => Math.floor(time.wallMs / 1000);
let serial = 0;
const jwt = (lifeSeconds: number, claims = {}) =>
  fakeJwt({ exp: nowSeconds() + lifeSeconds, sub: SENTINEL, jti: ++serial, ...claims }, SENTINEL);

const answers: Record<string, () => Response | Promise<Response>> = {
  'a good token': () => Response.json({ token: jwt(30), serverTime: nowSeconds() }),
  'an expired token': () => Response.json({ token: jwt(-30), serverTime: nowSeconds() }),
  'a token that begins later': () =>
    Response.json({ token: jwt(3600, { nbf: nowSeconds() + 600 }), serverTime: nowSeconds() }),
  'a token in milliseconds': () => Response.json({ token: SENTINEL, expiresAt: Date.now() }),
  'a JWT cut in half': () => new Response(`eyJ${SENTINEL}.${SENTINEL}.${SENTINEL}`),
  'the same token each time': () => Response.json({ token: SENTINEL, expiresAt: 4_102_444_800 }),
  'another stream’s token': () => Response.json({ tokens: [{ stream: 'other', token: SENTINEL }] }),
  'a list of tokens': () => Response.json([{ token: SENTINEL }]),
  'an item without a stream': () => Response.json({ tokens: [{ token: SENTINEL }] }),
  'a security object without a token': () => Response.json({ security: { tag: SENTINEL } }),
  'broken JSON': () => new Response(`{"token":"${SENTINEL}`),
  'a web page': () => new Response(`<p>token=${SENTINEL}</p>`),
  'a problem': () => Response.json({ code: 'x', detail: SENTINEL }, { status: 400 }),
  'a refusal': () => new Response(SENTINEL, { status: 403, statusText: SENTINEL }),
  'a failure': () => new Response(SENTINEL, { status: 503 }),
  'no connection': () =>
    Promise.reject(new TypeError(`fetch of https://u:${SENTINEL}@shop.example/?token=${SENTINEL} failed`)),
  'a broken body': () =>
    new Response(new ReadableStream({ start: (body) => body.error(new Error(`token=${SENTINEL}`)) })),
};

describe('no secret is shown', () => {
  for (const [name, answer] of Object.entries(answers)) {
    for (const placement of ['query:token', 'header', 'path:/{token}{path}']) {
      it(`when the backend answers with ${name} and the origin refuses it (${placement.split(':')[0]})`, async () => {
        const fetch = async () => answer();
        const source = endpointSource({
          url: `https://shop.example/api/tokens?key=${SENTINEL}`,
          fetch,
          clock: time.clock,
        });
        const tokens = new TokenManager({
          source,
          purpose: 'playback',
          clock: time.clock,
          random: () => 0.5,
        });
        const events: TokenEvent[] = [];
        const lease = tokens.lease({ streams: ['a'], onEvent: (event) => events.push(event) });
        const authorizer = new Authorizer({
          tokens,
          placement: parsePlacement(placement),
          origins: ['https://cdn.example'],
        });
        const refuse = async () => new Response(null, { status: 403 });
        const url = `https://cdn.example/live/a.m3u8?Signature=${SENTINEL}`;
        const errors: unknown[] = [];
        for (let round = 0; round < 3; round += 1) {
          const attempts = [
            fetchAuthorized({ authorizer, url, stream: 'a', fetch: refuse }),
            tokens.refresh('a'),
          ];
          const settled = Promise.allSettled(attempts);
          await time.advance(11_000);
          for (const result of await settled) if (result.status === 'rejected') errors.push(result.reason);
        }
        assert.ok(errors.length > 0);
        const shown = [...errors, ...events, tokens.status('a')].map(shownBy);
        for (const event of events) if (event.type === 'failed') shown.push(shownBy(event.error));
        // Not `assert.doesNotMatch`, whose message would show it.
        assert.equal(
          shown.some((text) => text.includes(SENTINEL)),
          false,
        );
        lease.release();
        assert.equal(time.clock.pending, 0);
      });
    }
  }

  it('when the page sets an invalid token', () => {
    const source = endpointSource({ url: 'https://shop.example/api/tokens', clock: time.clock });
    const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock });
    for (const seed of [
      jwt(-30),
      `${SENTINEL} ${SENTINEL}`,
      `eyJ${SENTINEL}.a.b`,
      { tag: SENTINEL },
      { token: SENTINEL, expires: SENTINEL },
    ]) {
      assert.throws(
        () => tokens.seed('a', seed),
        (error) => !shownBy(error).includes(SENTINEL),
      );
    }
  });
});
