import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as node from '@gatecast/server/node';
import * as redis from '@gatecast/server/redis';
import * as server from '@gatecast/server';

type Callable = (...values: readonly unknown[]) => unknown;

/** Each public function with options: its first values, a misspelt option, and the one that was meant. */
const cases: readonly (readonly [name: string, before: readonly unknown[], wrong: string, meant: string])[] =
  [
    ['jwtIssuer', [], 'ttl', 'ttlSeconds'],
    ['ingestJwtIssuer', [], 'ingestURL', 'ingestUrl'],
    ['akamaiEdgeAuthIssuer', [], 'tokenname', 'tokenName'],
    ['bunnyIssuer', [], 'securitykey', 'securityKey'],
    ['cloudflareStreamIssuer', [], 'keyID', 'keyId'],
    ['cloudfrontIssuer', [], 'keypairId', 'keyPairId'],
    ['commonAccessTokenIssuer', [], 'renewals', 'renewal'],
    ['googleMediaCdnIssuer', [], 'urlPrefixes', 'urlPrefix'],
    ['muxIssuer', [], 'keysecret', 'keySecret'],
    ['ovenMediaEngineIssuer', [], 'secretkey', 'secretKey'],
    ['playbackJwtIssuer', [], 'apikey', 'apiKey'],
    ['secureLinkIssuer', [], 'presets', 'preset'],
    ['stsSecurityIssuer', [], 'apikey', 'apiKey'],
    ['uriSigningIssuer', [], 'renewalSecond', 'renewalSeconds'],
    ['webcasterJwtIssuer', [], 'ingestURL', 'ingestUrl'],
    ['issuersByOrigin', [{}], 'timeoutMS', 'timeoutMs'],
    ['importSigningKey', ['key'], 'kidd', 'kid'],
    ['generateSigningKey', [], 'algo', 'alg'],
    ['answerScript', [{ tokens: [] }], 'tokenURL', 'tokenUrl'],
    ['startHead', [], 'nonces', 'nonce'],
    ['createTokenHandler', [], 'authorise', 'authorize'],
    ['createJwksHandler', [], 'maxAge', 'maxAgeSeconds'],
    ['createPlaylistCookie', [], 'samesite', 'sameSite'],
    ['createPlaylistSigner', [], 'upstream', 'upstreams'],
    ['memoryReplayCache', [], 'capacities', 'capacity'],
    ['memoryUsageStore', [], 'nows', 'now'],
    ['memoryReceiverStore', [], 'nows', 'now'],
    ['createTokenVerifier', [], 'audiences', 'audience'],
    ['verifyToken', [], 'verifiers', 'verifier'],
    ['checkConformance', [], 'stream', 'streams'],
    ['toNodeListener', [() => new Response()], 'trustedProxy', 'trustedProxies'],
    ['redisReplayCache', [{}], 'prefixes', 'prefix'],
    ['redisUsageStore', [{}], 'prefixes', 'prefix'],
    ['redisReceiverStore', [{}], 'prefixes', 'prefix'],
    ['createRevocations', [], 'stores', 'store'],
    ['createRevocationHandler', [], 'keys', 'key'],
    ['redisRevocationStore', [{}], 'prefixes', 'prefix'],
  ];

const functions = new Map<string, unknown>(Object.entries({ ...server, ...node, ...redis }));

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

describe('an option that does not exist', () => {
  for (const [name, before, wrong, meant] of cases) {
    it(`is refused by ${name}, with the nearest name`, async () => {
      const call = functions.get(name);
      assert.ok(isCallable(call));
      const message = `${name} has no option "${wrong}". Did you mean "${meant}"?`;
      await assert.rejects(async () => call(...before, { [wrong]: 1 }), { name: 'TypeError', message });
    });
  }

  const nested: readonly (readonly [name: string, options: object, wrong: string, meant: string])[] = [
    ['createTokenHandler', { cors: { origin: [] } }, 'cors.origin', 'cors.origins'],
    ['createTokenHandler', { limits: { users: {} } }, 'limits.users', 'limits.user'],
    ['createTokenHandler', { issuers: { playbak: {} } }, 'issuers.playbak', 'issuers.playback'],
    ['createTokenHandler', { bootstrap: { cacheMS: 1 } }, 'bootstrap.cacheMS', 'bootstrap.cacheMs'],
    [
      'createTokenHandler',
      { bootstrap: { media: { maxByte: 1 } } },
      'bootstrap.media.maxByte',
      'bootstrap.media.maxBytes',
    ],
    ['createTokenHandler', { dpop: { modes: 'required' } }, 'dpop.modes', 'dpop.mode'],
    ['createTokenHandler', { dpop: { nonce: { secrets: '' } } }, 'dpop.nonce.secrets', 'dpop.nonce.secret'],
    [
      'createTokenHandler',
      { concurrentStreams: { sessionCookie: { samesite: 'Lax' } } },
      'concurrentStreams.sessionCookie.samesite',
      'concurrentStreams.sessionCookie.sameSite',
    ],
    ['createPlaylistSigner', { cors: { credential: true } }, 'cors.credential', 'cors.credentials'],
    ['createTokenVerifier', { dpop: { require: true } }, 'dpop.require', 'dpop.required'],
    ['cloudfrontIssuer', { cookie: { domains: 'a' } }, 'cookie.domains', 'cookie.domain'],
    ['commonAccessTokenIssuer', { renewal: { expAdd: 1 } }, 'renewal.expAdd', 'renewal.expadd'],
    [
      'stsSecurityIssuer',
      { restrictions: { referrer: 'a' } },
      'restrictions.referrer',
      'restrictions.referer',
    ],
  ];
  for (const [name, options, wrong, meant] of nested) {
    it(`is refused by ${name} in an option: ${wrong}`, async () => {
      const call = functions.get(name);
      assert.ok(isCallable(call));
      const message = `${name} has no option "${wrong}". Did you mean "${meant}"?`;
      await assert.rejects(async () => call(options), { name: 'TypeError', message });
    });
  }

  it('is tested for every public function with a type of options', () => {
    const tested = new Set(cases.map(([name]) => name));
    const found = ['index', 'node', 'redis'].flatMap((entry) => {
      const report = readFileSync(
        new URL(`../../packages/server/api/${entry}.api.md`, import.meta.url),
        'utf8',
      );
      return [...report.matchAll(/^export function (\w+)\([^\n]*Options\b/gm)].map(([, name = '']) => name);
    });
    assert.ok(found.length > 20);
    assert.deepEqual(
      found.filter((name) => !tested.has(name)),
      [],
    );
  });
});
