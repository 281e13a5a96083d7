import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createTokenVerifier,
  generateSigningKey,
  ingestJwtIssuer,
  jwtIssuer,
  signClaims,
  tokenTypes,
  type TokenKind,
} from '@gatecast/server';
import { kindAudiences } from '../../packages/server/src/verify/token-kind.js';

const { key } = await generateSigningKey({ kid: 'k1', alg: 'ES256' });
const keys = createKeySet([key]);
const kinds = ['playback', 'ingest', 'session'] as const;

function claimsOf(kind: TokenKind, aud: unknown = kindAudiences[kind]): Record<string, unknown> {
  return { sub: 's', aud, exp: Math.floor(Date.now() / 1000) + 60 };
}

async function codeOf(token: string, kind: TokenKind, typ?: string): Promise<string> {
  const verifier = createTokenVerifier({
    keys,
    kind,
    audience: kindAudiences[kind],
    ...(typ !== undefined && { typ }),
  });
  return verifier.verify(token, { stream: 's' }).then(
    () => 'ok',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('kinds of tokens', () => {
  for (const made of kinds) {
    for (const wanted of kinds) {
      const isSame = made === wanted;
      it(`${isSame ? 'accept' : 'refuse'} a ${made} token where a ${wanted} token is expected`, async () => {
        const audience = kindAudiences[wanted];
        const explicit = await signClaims(keys, claimsOf(made), tokenTypes[made]);
        const general = await signClaims(keys, claimsOf(made));
        const misdirected = await signClaims(keys, claimsOf(made, audience), tokenTypes[made]);
        const forBoth = await signClaims(keys, claimsOf(made, [kindAudiences[made], audience]));
        assert.equal((await codeOf(explicit, wanted)) === 'ok', isSame, 'explicit type');
        assert.equal((await codeOf(general, wanted)) === 'ok', isSame, 'type JWT');
        assert.equal((await codeOf(misdirected, wanted)) === 'ok', isSame, 'audience of the other kind');
        assert.equal((await codeOf(forBoth, wanted)) === 'ok', isSame, 'both audiences');
        assert.equal((await codeOf(explicit, wanted, tokenTypes[wanted])) === 'ok', isSame, 'strict');
        assert.equal(
          await codeOf(general, wanted, tokenTypes[wanted]),
          isSame ? 'token-invalid' : await codeOf(general, wanted),
        );
      });
    }
  }

  it('are compared as media types: without case, with or without application/', async () => {
    const typed = (typ: string) => signClaims(keys, claimsOf('ingest'), typ);
    assert.equal(await codeOf(await typed('application/Gatecast-Ingest+JWT'), 'ingest'), 'ok');
    assert.equal(
      await codeOf(await typed('APPLICATION/gatecast-ingest+jwt'), 'playback'),
      'token-wrong-audience',
    );
  });

  it('keep the token of the contract: type JWT, audience v, at origins that know only this type', async () => {
    const { token = '' } = await jwtIssuer({ keys }).issue({ purpose: 'playback', stream: 's', grant: {} });
    assert.equal(await codeOf(token, 'playback', 'JWT'), 'ok');
  });

  it('follow the option typ of the issuers', async () => {
    const request = { stream: 's', grant: {} } as const;
    const playback = jwtIssuer({ keys, typ: tokenTypes.playback, audience: 'media' });
    const ingest = ingestJwtIssuer({ keys, typ: tokenTypes.ingest, audience: 'media' });
    const verifier = createTokenVerifier({ keys, kind: 'ingest', audience: 'media' });
    const forPlayback = (await playback.issue({ ...request, purpose: 'playback' })).token ?? '';
    const forIngest = (await ingest.issue({ ...request, purpose: 'ingest' })).token ?? '';
    await verifier.verify(forIngest);
    await assert.rejects(verifier.verify(forPlayback), { code: 'token-invalid' });
  });

  it('keep a stream token from being used as the playlist cookie, and the cookie as a stream token', async () => {
    const cookie = createPlaylistCookie({ keys });
    for (const typ of ['JWT', tokenTypes.playback, tokenTypes.ingest]) {
      const token = await signClaims(keys, { ...claimsOf('session'), streams: [['s', 1e10]] }, typ);
      const headers = { Cookie: `__Host-gatecast_playlists=${token}` };
      await assert.rejects(cookie.read(new Request('https://x.test/', { headers })), {
        code: 'playlist-cookie-invalid',
      });
    }
  });
});
