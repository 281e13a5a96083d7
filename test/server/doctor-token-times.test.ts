import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examine, hideSentinels, HLS, hosts, jwt, of, onlyFault, playlist } from './support/doctor-site.js';

const NOW_S = 1_760_000_000;

interface World {
  /** Claims of the token, in seconds from now. `exp` is 300. */
  readonly claims: { readonly nbf?: number; readonly iat?: number };
  /** Clock of the token backend minus that of this machine, in seconds. */
  readonly backendOff?: number;
  /** Clock of the origin minus that of this machine, in seconds. */
  readonly originOff?: number;
  /** Does the origin refuse a token that has not begun by its clock? */
  readonly isStrict?: boolean;
  readonly serverTime?: boolean;
  /** Other members of the token response. */
  readonly more?: Record<string, string>;
  /** Does the origin refuse each token? */
  readonly refusesAll?: boolean;
}

/** Findings about a stream whose token begins at another time. */
async function about(world: World) {
  const { claims, backendOff = 0, originOff = 0, isStrict = true, serverTime = true } = world;
  const { more, refusesAll = false } = world;
  const at = (seconds: number) => NOW_S + seconds;
  const times = Object.fromEntries(Object.entries(claims).map(([name, seconds]) => [name, at(seconds)]));
  const token = jwt({ ...times, exp: at((claims.iat ?? 0) + 300) });
  const starts = Object.values(claims).map(at);
  const date = (off: number) => ({ Date: new Date((NOW_S + off) * 1000).toUTCString() });
  const findings = await examine({
    url: 'https://media.example.com/live/a.m3u8',
    tokenUrl: 'https://www.example.com/tokens',
    now: () => NOW_S * 1000,
    fetch: hosts((url, { method }) => {
      if (method === 'POST')
        return Response.json(
          { tokens: [{ stream: 'a', token }], ...more, ...(serverTime && { serverTime: at(backendOff) }) },
          { headers: { 'Cache-Control': 'no-store', ...date(backendOff) } },
        );
      const isEarly = starts.some((start) => start > at(originOff));
      const isRefused = refusesAll || !url.includes(token) || (isStrict && isEarly);
      const headers = { 'Content-Type': HLS, ...date(originOff) };
      if (isRefused) return new Response(null, { status: 403, headers });
      return new Response(`${playlist()}#EXT-X-ENDLIST\n`, { headers });
    }),
  });
  return hideSentinels(findings);
}

const warnings = async (world: World) => of(await about(world), 'warning').join('\n');

describe('gatecast doctor, for a token that begins in the future', () => {
  it('says nothing of one that has begun, or of a few seconds', async () => {
    for (const claims of [{ nbf: -60, iat: 0 }, { iat: 3 }, {}])
      assert.ok(!/nbf|iat/.test(await warnings({ claims, isStrict: false })));
  });

  it('names a clock of the token backend that is ahead, with the seconds', async () => {
    const world = { claims: { nbf: 90, iat: 90 }, backendOff: 90, isStrict: false };
    const text = await warnings(world);
    assert.match(
      text,
      /^token endpoint, .*begins 90 s in the future \(nbf\): the clock of the token backend is ahead.*Set the clock of the token backend with NTP/m,
    );
    assert.ok(!text.includes('The clock of the token backend is 90 s ahead of that of this machine'), text);
  });

  it('names the iat of such a backend, if nbf is earlier', async () => {
    const text = await warnings({ claims: { nbf: 30, iat: 90 }, backendOff: 90, isStrict: false });
    assert.match(text, /begins 90 s in the future \(iat\): the clock of the token backend is ahead/);
  });

  it('names a claim that is wrong although the clock is right', async () => {
    const wrong = { isStrict: false, serverTime: false };
    assert.match(
      await warnings({ claims: { nbf: 45, iat: 45 }, ...wrong }),
      /begins 45 s in the future \(nbf\)\. Origins refuse it until then.* Omit nbf, or set it to the time of issue minus 60 s/,
    );
    assert.match(
      await warnings({ claims: { iat: 3600 }, ...wrong }),
      /was issued 3600 s in the future \(iat\).* Set iat to the time of issue, in seconds since 1970 in UTC/,
    );
  });

  it('says why the origin refuses: nbf or iat, by its clock', async () => {
    for (const [claims, words] of [
      [
        { nbf: 20, iat: 20 },
        /playlist, .*HTTP 403\. The token begins 20 s in the future \(nbf\), by the clock/,
      ],
      [{ iat: 20 }, /playlist, .*HTTP 403\. The token was issued 20 s in the future \(iat\), by the clock/],
    ] as const)
      onlyFault(await about({ claims, backendOff: 20 }), words);
    onlyFault(
      await about({ claims: { nbf: 0, iat: 0 }, originOff: -12 }),
      /The token begins 12 s in the future \(nbf\), by the clock of the origin\. Keep the token backend and the origin/,
    );
  });

  it('does not take a few seconds of iat for the reason, and names others besides a start', async () => {
    onlyFault(
      await about({ claims: { iat: 0 }, originOff: -4, refusesAll: true }),
      /with the token in each usual place\. Compare the key/,
    );
    for (const claims of [{ nbf: 20 }, { iat: 20 }])
      onlyFault(
        await about({ claims, backendOff: 20, refusesAll: true }),
        /20 s in the future .*If it is refused later, too: Compare the key/,
      );
  });

  it('reads the token of the stream, and no other one of the response', async () => {
    const more = { refreshToken: jwt({ nbf: NOW_S + 300 }) };
    const findings = await about({ claims: { iat: 0 }, more, refusesAll: true });
    assert.ok(!of(findings, 'warning').join('\n').includes('begins'));
    onlyFault(findings, /with the token in each usual place/);
    onlyFault(await about({ claims: { nbf: 45, iat: 0 }, more }), /begins 45 s in the future/);
  });

  it('says how long players wait for a token that begins later than its backend says', async () => {
    for (const nbf of [45, 600])
      onlyFault(
        await about({ claims: { nbf, iat: 0 } }),
        new RegExp(
          `token endpoint, .*begins ${String(nbf)} s in the future \\(nbf\\), by the clock of the token backend`,
        ),
      );
  });
});
