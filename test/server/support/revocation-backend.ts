import assert from 'node:assert/strict';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createRevocations,
  createTokenHandler,
  createTokenVerifier,
  generateSigningKey,
  ingestJwtIssuer,
  jwtIssuer,
  Problem,
  type Authorize,
  type RevocationsOptions,
  type TokenIssuer,
} from '@gatecast/server';
import { CookieJar } from './cookie-jar.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
export const START_MS = Date.UTC(2030, 0, 1);

/** A backend with a clock of the test, and an origin that verifies its tokens. */
export function revocationBackend(
  options: Partial<RevocationsOptions> = {},
  authorize: Authorize = (request) => ({ user: request.headers.get('X-User') ?? 'u' }),
  { clockToleranceSeconds = 0, ttlSeconds = 300, wrap = (issuer: TokenIssuer) => issuer } = {},
) {
  const clock = { nowMs: START_MS };
  const now = () => clock.nowMs;
  const lines: string[] = [];
  const note = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const logger = { debug: note, info: note, warn: note, error: note };
  const revocations = createRevocations({ longestLifeSeconds: 300, now, logger, ...options });
  const cookie = createPlaylistCookie({ keys, now });
  const issuer = wrap(jwtIssuer({ keys, now, ttlSeconds }));
  const handler = createTokenHandler({
    issuers: {
      playback: issuer,
      ingest: ingestJwtIssuer({ keys, now, ingestUrl: 'rtmp://ingest.test/live' }),
    },
    authorize,
    revocations,
    logger,
    playlistCookie: cookie,
    now,
  });
  const signer = createPlaylistSigner({
    issuer,
    cookie,
    revocations,
    upstreams: ['https://media.test/live/'],
    fetch: async () => new Response('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n'),
    now,
  });
  const verifier = createTokenVerifier({
    keys,
    now,
    clockToleranceSeconds,
    isRevoked: revocations.isRevoked,
  });
  const ask = async (streams: string[], user = 'u', jar = new CookieJar(), purpose = 'playback') =>
    jar.keep(
      await handler(
        new Request('https://backend.test/', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-User': user, ...jar.headers },
          body: JSON.stringify({ purpose, streams }),
        }),
      ),
    );
  const tokenOf = async (stream: string, user = 'u', jar?: CookieJar) => {
    const body = (await (await ask([stream], user, jar)).json()) as { tokens?: { token: string }[] };
    const token = body.tokens?.[0]?.token;
    assert.ok(token !== undefined, 'no token was issued');
    return token;
  };
  const verdict = (token: string) =>
    verifier.verify(token).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Problem ? error.code : 'failed'),
    );
  const sign = (stream: string, jar: CookieJar) =>
    signer(
      new Request(`https://backend.test/sign?url=https://media.test/live/${stream}.m3u8`, {
        headers: jar.headers,
      }),
    );
  return { clock, lines, revocations, ask, tokenOf, verdict, sign };
}

export async function problemOf(response: Response) {
  return (await response.json()) as { code: string; detail: string; reason?: string };
}
