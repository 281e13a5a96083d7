import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKeySet, generateSigningKey, type IssuedToken } from '@gatecast/server';
import { createSchemeContext } from '../../demo/backend/schemes/scheme-context.js';
import { createSchemeIssuer } from '../../demo/backend/schemes/scheme-issuers.js';
import type { SchemeConfig, SchemeContext, SchemeRow } from '../../demo/backend/schemes/scheme-row.js';
import { referenceCheck } from '../doubles/reference-checks/reference-check.js';
import { codeOf } from '../server/support/scheme-kit.js';

const ROOT = 'http://127.0.0.1:5173/cdn/demo-scheme';
const FILE = `${ROOT}/demo/high/1.m4s`;
const PATH = '/cdn/demo-scheme/{stream}/';
const { key } = await generateSigningKey({ alg: 'ES256' });
/** Secrets of which every byte is the same. */
const secretsOf = (byte: number): SchemeContext => {
  const bytes = Buffer.alloc(32, byte);
  const jwk = { kty: 'oct', kid: 'k1', alg: 'HS256', k: bytes.toString('base64url') };
  return {
    ...createSchemeContext(createKeySet([key]), Date.now),
    readSecret: (reference) =>
      Promise.resolve(
        'env' in reference && reference.env === 'JWK' ? JSON.stringify(jwk) : bytes.toString('hex'),
      ),
  };
};
const context = secretsOf(0xab);
const shared = 'ab'.repeat(32);

/** Forms that no row of the scheme table has, or not in this placement. */
const configs: Readonly<Record<string, SchemeConfig>> = {
  'Bunny, path': { type: 'bunny', securityKey: { env: 'KEY' }, tokenPath: PATH },
  'Bunny, query': { type: 'bunny', securityKey: { env: 'KEY' }, tokenPath: PATH, placement: 'query' },
  'Bunny, SHA256': {
    ...{ type: 'bunny', securityKey: { env: 'KEY' }, tokenPath: PATH },
    ...{ placement: 'query', algorithm: 'SHA256', ignoreParams: true },
  },
  OvenMediaEngine: {
    ...{ type: 'oven-media-engine', secretKey: { env: 'KEY' } },
    ...{ url: `${ROOT}/{stream}/high/1.m4s`, placement: 'query' },
  },
  'OvenMediaEngine, port 80': {
    ...{ type: 'oven-media-engine', secretKey: { env: 'KEY' } },
    ...{ url: 'http://ome.test/app/{stream}/llhls.m3u8?direction=x', streamExpire: true },
  },
  'Common Access Token, header': {
    ...{ type: 'common-access-token', key: { env: 'KEY' }, keyId: 'k1', issuer: 'demo', path: PATH },
    renewal: { type: 'header', expadd: 120, deadline: 60 },
  },
  'Common Access Token, query': {
    ...{ type: 'common-access-token', key: { env: 'KEY' }, keyId: 'k1', issuer: 'demo', path: PATH },
    ...{ placement: 'query', audience: 'cdn' },
  },
  'URI Signing': {
    ...{ type: 'uri-signing', key: { env: 'JWK' }, issuer: 'demo', path: PATH },
    url: `${ROOT}/{stream}/index.m3u8`,
  },
};

function requestFor({ query, headers, path, url }: IssuedToken, address: string): Request {
  const { origin } = new URL(address);
  const placed = path === undefined ? address : origin + path + address.slice(origin.length);
  const fields = Object.entries(query ?? {}).map(([name, value]) => `${name}=${value}`);
  const own = query === undefined && url !== undefined ? url : placed;
  return new Request(fields.length === 0 ? own : `${own}?${fields.join('&')}`, headers && { headers });
}

for (const [name, config] of Object.entries(configs))
  describe(`the reference check of ${name}`, () => {
    const row: SchemeRow = { name, label: name, way: 'request', carriers: {}, config: () => config };
    const check = (request: Request, nowMs = Date.now()) =>
      referenceCheck(request, { row, config, context, stream: 'demo', nowMs });
    const mint = (secrets = context): Promise<IssuedToken> =>
      createSchemeIssuer(config, secrets).issue({ purpose: 'playback', stream: 'demo', grant: {} });

    it('accepts a token until its end', async () => {
      const issued = await mint();
      const end = issued.expiresAt ?? NaN;
      const request = requestFor(issued, FILE);
      assert.deepEqual(await check(request), { expiresAt: end });
      await check(request, end * 1000 - 1);
      assert.equal(await codeOf(check(request, end * 1000), shared), 'token-expired');
    });

    it('refuses other addresses, other keys, and requests without a token', async () => {
      const request = requestFor(await mint(), FILE);
      const other = new Request(request.url.replace('/demo/', '/demo-vod/'), request);
      assert.match(await codeOf(check(other), shared), /^token-(?:wrong-stream|invalid)$/);
      const foreign = requestFor(await mint(secretsOf(0xcd)), FILE);
      assert.equal(await codeOf(check(foreign), shared), 'token-invalid');
      assert.equal(await codeOf(check(new Request(FILE)), shared), 'token-missing');
    });
  });
