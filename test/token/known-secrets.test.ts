import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import {
  Authorizer,
  customSource,
  endpointSource,
  fetchAuthorized,
  GatecastError,
  parsePlacement,
  redact,
  redactText,
  redactUrl,
  TokenManager,
} from '@gatecast/token';
import { hideSecrets, rememberSecret } from '@gatecast/token/internal/known-secrets';
import { readTokenValue } from '@gatecast/token/internal/source/read-token-item';
import fc from 'fast-check';
import { FakeClock } from '../support/fake-clock.js';

const encodings: Record<string, (value: string) => string> = {
  'as it is': (value) => value,
  'percent-encoded': encodeURIComponent,
  'percent-encoded in lower case': (value) =>
    encodeURIComponent(value).replace(/%../g, (escape) => escape.toLowerCase()),
  'percent-encoded twice': (value) => encodeURIComponent(encodeURIComponent(value)),
  'percent-encoded in every character': (value) =>
    Array.from(new TextEncoder().encode(value), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'as a form field': (value) => new URLSearchParams({ a: value }).toString().slice(2),
  'in a JSON string': (value) => JSON.stringify(value).slice(1, -1),
  'in a JSON string with escaped slashes': (value) =>
    JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
  'in a JSON string inside a JSON string': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  'in base64': (value) => Buffer.from(value).toString('base64'),
  'in base64url': (value) => Buffer.from(value).toString('base64url'),
  'in base64 after a user name': (value) => Buffer.from(`user:${value}`).toString('base64').slice(7),
  'with the alphabet of base64url': (value) => value.replaceAll('+', '-').replaceAll('/', '_'),
};

/** Tokens of all characters that URLs and headers allow, with eight letters or digits at least, and as base64 and Akamai write them. */
const opaqueToken = fc.oneof(
  fc.stringMatching(/^[!#$&-;=?-[\]-~]{0,30}[A-Za-z\d]{8}[!#$&-;=?-[\]-~]{4,30}$/),
  fc.uint8Array({ minLength: 12, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc
    .tuple(fc.integer({ min: 4_000_000_000, max: 9_000_000_000 }), fc.stringMatching(/^[0-9a-f]{32}$/))
    .map(([exp, hmac]) => `exp=${exp}~acl=/live/*~hmac=${hmac}`),
);

/** Fails without showing the text, which may contain the secret. */
function assertHidden(text: string, value: string, where: string): void {
  for (const [name, encode] of Object.entries(encodings)) {
    assert.ok(!text.includes(encode(value)), `${where} shows a token ${name}`);
  }
}

/** All that an error shows, down its causes. */
function shownBy(error: unknown): string {
  if (!(error instanceof Error)) return `${String(error)} ${JSON.stringify(error)}`;
  const own = Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)));
  const copies = [JSON.stringify(error), JSON.stringify(redact({ error })), String(structuredClone(error))];
  return [String(error), ...own, ...copies, error.cause === undefined ? '' : shownBy(error.cause)].join('\n');
}

describe('hideSecrets', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    it(`finds a token ${name}, whatever is around it`, () => {
      fc.assert(
        fc.property(
          opaqueToken,
          fc.string(),
          fc.constantFrom('/', '=', ' ', '"', ''),
          (value, text, mark) => {
            rememberSecret(value, 0);
            const shown = hideSecrets(`${text} ${mark}${encode(value)}${mark} ${text}`, '[x]');
            assert.ok(shown.includes('[x]'));
            assertHidden(shown, value, 'the text');
          },
        ),
        { numRuns: 100 },
      );
    });
  }

  it('keeps the rest of an address, and hides the whole word in less usual notations', () => {
    rememberSecret('a+b/c=defgh');
    for (const text of ['a+b/c=defgh', 'a%2Bb%2Fc%3Ddefgh', 'a%2bb%2fc%3ddefgh', '%61+b/c%3D%64efgh'])
      assert.equal(hideSecrets(`at /t/${text}/x.ts, once`, '[x]'), 'at /t/[x]/x.ts, once');
    for (const text of ['a%252bb%252fc%253ddefgh', 'a\\u002bb\\/c=defgh'])
      assert.equal(hideSecrets(`at /t/${text}/x.ts, once`, '[x]'), 'at [x] once');
  });

  it('hides a token of which a form decoder has read "+" as a blank', () => {
    for (const value of ['Qx7-pZ/k9+Lm==~Rt5+vW2+abcd', 'a+bc+defgh']) {
      rememberSecret(value);
      const shown = hideSecrets(`at /t/${value.replaceAll('+', ' ')} once`, '[x]');
      assert.equal(shown, 'at /t/[x] once');
    }
  });

  it('hides what is left of a token of 16 characters without its end, from 12 characters on', () => {
    const value = 'Kd4-pZ/k9+Lm==~Rt5_vW2/abc+d';
    rememberSecret(value);
    for (let length = 12; length < value.length; length += 1) {
      const start = value.slice(0, length);
      for (const text of [start, encodeURIComponent(start), start.replaceAll('+', ' ')])
        for (const end of ['', '…', '...', '/'])
          assert.equal(hideSecrets(`"/t/${text}${end}" failed`, '[x]'), '"/t/[x]" failed', text);
    }
    for (const text of [value.slice(0, 11), value.slice(1, 6)]) assert.equal(hideSecrets(text, '[x]'), text);
    rememberSecret('only-15-letters');
    assert.equal(hideSecrets('only-15-letter', '[x]'), 'only-15-letter');
  });

  it('hides also the end of another JWT with the same header', () => {
    const [header, body] = [btoa('{"alg":"ES256","kid":"1"}'), btoa('{"sub":"demo","exp":1}')];
    rememberSecret(`${header}.${body}.first-signature`);
    assert.equal(redactText(`got ${header}.${body}.Second_Sign-ature.`), 'got [redacted]');
  });

  it('does not search for values of fewer than six characters, which ordinary text contains', () => {
    for (const value of ['', 'a', 'token', '%41%41%41', 'a-n-s-w-e-r']) rememberSecret(value);
    const text = 'The token endpoint answered AAA.';
    assert.equal(hideSecrets(text, '[x]'), text);
  });

  it('leaves other text as it is, escapes included', () => {
    // So many that the random ones of other tests are forgotten.
    for (let index = 0; index < 100; index += 1) rememberSecret(`never-in-these-texts-${index}`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(hideSecrets(text, '[x]'), text);
      }),
    );
  });

  it('forgets a token one minute after its expiry', () => {
    mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
    try {
      rememberSecret('expires-soon', 6000);
      rememberSecret('without-expiry');
      mock.timers.tick(65_000);
      assert.equal(hideSecrets('expires-soon', '[x]'), '[x]');
      mock.timers.tick(2000);
      assert.equal(hideSecrets('expires-soon without-expiry', '[x]'), 'expires-soon [x]');
    } finally {
      mock.timers.reset();
    }
  });

  it('knows at most 100 tokens', () => {
    rememberSecret('the-oldest-token');
    for (let serial = 0; serial < 99; serial += 1) rememberSecret(`newer-token-${serial + 100}`);
    assert.equal(hideSecrets('the-oldest-token', '[x]'), '[x]');
    rememberSecret('the-newest-token');
    assert.equal(hideSecrets('the-oldest-token', '[x]'), 'the-oldest-token');
  });

  it('does not encode the known tokens again for each text', () => {
    for (let index = 0; index < 100; index += 1)
      rememberSecret(`${index}`.padStart(16, '/') + '/'.repeat(4000));
    const counted = mock.method(globalThis, 'encodeURIComponent');
    try {
      hideSecrets('https://cdn.example/live/a.m3u8 failed', '[x]');
      const characters = counted.mock.calls.reduce((sum, call) => sum + String(call.arguments[0]).length, 0);
      // Only the start of each.
      assert.ok(characters <= 100 * 16, `${characters} characters are encoded`);
    } finally {
      counted.mock.restore();
    }
  });

  for (const piece of [
    'token-',
    'aaaaaaaaaa',
    'aaaaaaaaaaaab',
    '%61',
    '%25',
    '%',
    '\\',
    '\\\\u',
    '%2525aaaa',
    '+/',
  ]) {
    it(`takes linear time for a long run of ${JSON.stringify(piece)}`, () => {
      rememberSecret('a'.repeat(200));
      rememberSecret('%25'.repeat(60));
      const shortestMs = (length: number): number => {
        const text = piece.repeat(Math.ceil(length / piece.length));
        const runs = [1, 2, 3].map(() => {
          const startedMs = performance.now();
          redactText(text);
          return performance.now() - startedMs;
        });
        return Math.min(...runs);
      };
      const smallMs = Math.max(shortestMs(20_000), 1);
      // Quadratic work would take 256 times as long.
      assert.ok(shortestMs(320_000) < 128 * smallMs);
    });
  }
});

describe('a token that the page has received', () => {
  it('is hidden in texts, addresses and plain data', () => {
    fc.assert(
      fc.property(opaqueToken, fc.constantFrom(...Object.values(encodings)), (value, encode) => {
        readTokenValue(value);
        const text = `the header "${encode(value)}" is not valid, https://cdn.example/t/${encode(value)}/a.ts`;
        assertHidden(redactText(text), value, 'redactText');
        assertHidden(redactUrl(`https://cdn.example/t/${encode(value)}/a.ts`), value, 'redactUrl');
        assertHidden(JSON.stringify(redact({ [text]: [text] })), value, 'redact');
      }),
    );
  });

  it('is hidden in both fields of a security object', () => {
    readTokenValue({ token: 'a1b2c3d4e5', jwtoken: 'f6a7b8c9d0', tag: 'viewers', expires: '1708457257' });
    assert.equal(
      redactText('a1b2c3d4e5 f6a7b8c9d0 viewers 1708457257'),
      '[redacted] [redacted] viewers 1708457257',
    );
  });

  it('is hidden in every part of an error', () => {
    fc.assert(
      fc.property(opaqueToken, fc.constantFrom(...Object.values(encodings)), (value, encode) => {
        readTokenValue(value);
        const text = `${encode(value)} is an invalid header value`;
        const cause = new TypeError(text, { cause: new Error(text) });
        const causes = [cause, text, new AggregateError([cause], text), { text }, [text]];
        for (const each of causes) {
          const error = new GatecastError('source-failed', text, {
            hint: text,
            vendorCode: text,
            cause: each,
          });
          assertHidden(shownBy(error), value, 'the error');
        }
      }),
    );
  });

  it('is hidden when fetch quotes its request', async () => {
    for (const placement of ['query:hdnts', 'header', 'header:X-Auth', 'path:/t/{token}{path}']) {
      for (const [value = ''] of fc.sample(fc.tuple(opaqueToken), 20)) {
        const time = new FakeClock();
        const source = customSource(async () => ({ token: value, expiresAt: time.wallMs / 1000 + 60 }));
        const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock });
        tokens.seed('a', value);
        const authorizer = new Authorizer({
          tokens,
          placement: parsePlacement(placement),
          origins: ['https://cdn.example'],
        });
        const quoting: typeof globalThis.fetch = (input, init) => {
          const headers = JSON.stringify([...new Headers(init?.headers)]);
          const url = input instanceof Request ? input.url : String(input);
          return Promise.reject(new TypeError(`Failed to fetch ${url} with ${headers}`));
        };
        const raw: unknown = await fetchAuthorized({
          authorizer,
          url: 'https://cdn.example/live/a.m3u8',
          stream: 'a',
          fetch: quoting,
        }).catch((error: unknown) => error);
        const error = new GatecastError('source-unreachable', 'No.', { hint: 'Look.', cause: raw });
        assertHidden(shownBy(error), value, placement);
      }
    }
  });

  it('is hidden although it was refused as unusable', async () => {
    const time = new FakeClock();
    const source = endpointSource({
      url: 'https://shop.example/api/tokens',
      clock: time.clock,
      fetch: async () => Response.json({ token: 'refused-as-expired', expiresAt: 1_000_000 }),
    });
    const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock });
    const refused = assert.rejects(tokens.get('a'), { code: 'token-expired' });
    await time.advance(20);
    await refused;
    assert.equal(redactText('got refused-as-expired'), 'got [redacted]');
  });
});
