import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKeySet, createTokenVerifier, generateSigningKey, signClaims } from '@gatecast/server';
import { loadConfig } from '@gatecast/server/node';
import { decodeJwt } from 'jose';
import { createDpopClient } from './support/dpop-client.js';
import { collect, runCli, startCli } from './support/gatecast-cli.js';
import { CookieJar } from './support/cookie-jar.js';
import { until } from '../support/wait.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-serve-'));
const COOKIE_SECRET = 'sentinel-cookie-secret-of-32-bytes-and-more';

/** The team's identity provider. */
const provider = createKeySet([(await generateSigningKey({ alg: 'ES256', kid: 'idp' })).key]);
const media = await generateSigningKey({ kid: 'media', alg: 'RS256' });
const mediaKeys = createKeySet([media.key]);

async function idToken(claims: Record<string, unknown>, keys = provider): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 300;
  return signClaims(keys, { sub: 'user-1', aud: 'gatecast', iss: 'https://idp.test', exp, ...claims });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function started(child: ChildProcess, output: () => { out: string; err: string }): Promise<string> {
  for (let tries = 0; tries < 2400; tries += 1) {
    const origin = /listening on (http:\S+)/.exec(output().err)?.[1];
    if (origin !== undefined) return origin;
    assert.equal(child.exitCode, null, `it ended: ${output().err}`);
    await sleep(50);
  }
  throw new Error('The server did not start.');
}

describe('gatecast serve', () => {
  /** Answers that are held back, each as a function that sends it. */
  const heldBack: (() => void)[] = [];
  let holdsBack = false;
  /** Serves the provider's keys, and a playlist that can be held back. */
  const upstream = createServer((incoming, outgoing) => {
    const answer = () => outgoing.end('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n');
    if (incoming.url === '/jwks') outgoing.end(JSON.stringify(provider.jwks()));
    else if (holdsBack) heldBack.push(answer);
    else answer();
  });
  let child: ChildProcess | undefined;
  let output: () => { out: string; err: string };
  let origin: string;
  let bearer: string;
  const secretsSeen: string[] = [];

  before(async () => {
    const upstreamOrigin = `http://127.0.0.1:${await listen(upstream)}`;
    const config = join(folder, 'gatecast.config.json');
    writeFileSync(join(folder, 'media.pem'), media.pem, { mode: 0o600 });
    writeFileSync(
      config,
      JSON.stringify({
        listen: { port: 0 },
        keys: { key: { file: 'media.pem' }, kid: 'media' },
        issuers: { playback: { type: 'jwt', ttlSeconds: 30 }, ingest: { type: 'ingest-jwt' } },
        authorization: {
          jwksUrl: `${upstreamOrigin}/jwks`,
          issuer: 'https://idp.test',
          audience: 'gatecast',
          cookie: 'session',
          playback: { claim: 'streams' },
        },
        cors: { origins: ['https://page.test'], credentials: true },
        limits: {
          user: { perMinute: 100, burst: 10 },
          maxConcurrent: 5,
          playlists: { user: { perMinute: 5, burst: 2 } },
        },
        playlists: { upstreams: [`${upstreamOrigin}/live/`] },
        dpop: { mode: 'optional', externalOrigin: 'https://tokens.test' },
      }),
    );
    const check = await runCli(['config', 'check', config]);
    assert.equal(check.code, 0, check.err);
    child = await startCli(['serve', '--config', config]);
    output = collect(child);
    origin = await started(child, output);
    bearer = await idToken({ streams: ['demo', 'live-*'] });
    secretsSeen.push(bearer);
  });
  after(() => {
    child?.kill('SIGKILL');
    upstream.closeAllConnections();
    upstream.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const browser = new CookieJar();
  const ask = async (
    streams: string[],
    headers: Record<string, string> = { Authorization: `Bearer ${bearer}` },
    purpose = 'playback',
    jar = browser,
  ) => {
    const { Cookie: kept } = jar.headers;
    const Cookie = [headers['Cookie'], kept].filter((each) => each !== undefined).join('; ');
    const response = await fetch(`${origin}/api/tokens`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers, Cookie },
      body: JSON.stringify({ purpose, streams, reason: 'manual' }),
    });
    return jar.keep(response);
  };

  it('issues tokens for the streams in the caller’s token, from Bearer or cookie', async () => {
    for (const headers of [{ Authorization: `Bearer ${bearer}` }, { Cookie: `session=${bearer}` }]) {
      const response = await ask(['demo', 'live-1', 'secret'], headers);
      assert.equal(response.status, 200);
      const { tokens } = (await response.json()) as { tokens: { stream: string; token: string }[] };
      assert.deepEqual(
        tokens.map(({ stream }) => stream),
        ['demo', 'live-1'],
      );
      for (const { stream, token } of tokens) {
        await createTokenVerifier({ keys: mediaKeys }).verify(token, { stream });
        secretsSeen.push(token);
      }
    }
  });

  it('binds tokens to the key of a proof for its external address', async () => {
    const client = await createDpopClient();
    const askWith = async (url: string) => {
      const proof = await client.prove({ method: 'POST', url });
      return ask(['demo'], { Authorization: `Bearer ${bearer}`, DPoP: proof }, 'playback', new CookieJar());
    };
    const response = await askWith('https://tokens.test/api/tokens');
    assert.equal(response.status, 200);
    const { tokens } = (await response.json()) as { tokens: { token: string }[] };
    assert.deepEqual(decodeJwt(tokens[0]?.token ?? '')['cnf'], { jkt: client.jkt });
    const refused = await askWith(`${origin}/api/tokens`);
    assert.equal(refused.status, 400);
    assert.equal(((await refused.json()) as { code: string }).code, 'dpop-proof-invalid');
  });

  it('responds with 401 to a missing or forged token, and 403 to streams of other callers', async () => {
    assert.equal((await ask(['demo'], {})).status, 401);
    const forger = createKeySet([(await generateSigningKey({ alg: 'ES256', kid: 'idp' })).key]);
    assert.equal(
      (await ask(['demo'], { Authorization: `Bearer ${await idToken({ streams: ['demo'] }, forger)}` }))
        .status,
      401,
    );
    assert.equal((await ask(['secret'])).status, 403);
    assert.equal((await ask(['demo'], undefined, 'ingest')).status, 403);
  });

  it('refuses a caller whose claims are missing or of another type, and names the claim only', async () => {
    for (const [claims, name] of [
      [{ sub: 4711, streams: ['demo'] }, 'sub'],
      [{ sub: '', streams: ['demo'] }, 'sub'],
      [{ sub: undefined, streams: ['demo'] }, 'sub'],
      [{ streams: 'demo' }, 'streams'],
      [{ streams: ['demo', 7] }, 'streams'],
      [{}, 'streams'],
    ] as const) {
      const response = await ask(['demo'], { Authorization: `Bearer ${await idToken(claims)}` });
      const text = await response.text();
      assert.equal(response.status, 403, text);
      assert.match(text, new RegExp(`The claim \\\\"${name}\\\\"`));
      assert.doesNotMatch(text, /4711/);
    }
  });

  it('counts a stream on each device of a user', async () => {
    const headers = { Authorization: `Bearer ${await idToken({ sub: 'seats', streams: ['demo'] })}` };
    const devices = Array.from({ length: 6 }, () => new CookieJar());
    const statuses = [];
    for (const device of [...devices, ...devices])
      statuses.push((await ask(['demo'], headers, 'playback', device)).status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 403, 200, 200, 200, 200, 200, 403]);
  });

  it('publishes keys, health and metrics', async () => {
    const jwks = (await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as unknown;
    assert.deepEqual(jwks, mediaKeys.jwks());
    assert.equal((await fetch(`${origin}/healthz`)).status, 200);
    assert.equal((await fetch(`${origin}/readyz`)).status, 200);
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    assert.match(metrics, /gatecast_tokens_minted_total\{purpose="playback"\} [1-9]/);
    assert.match(metrics, /gatecast_requests_refused_total\{handler="token",code="unauthenticated"\} [1-9]/);
    assert.match(metrics, /gatecast_request_duration_seconds_bucket\{[^}]*handler="token"/);
    assert.equal((await fetch(`${origin}/nowhere`)).status, 404);
  });

  it('passes its own conformance check', async () => {
    const args = [
      'conformance',
      `${origin}/api/tokens`,
      '--stream',
      'demo',
      'live-1',
      '--bearer-env',
      'BEARER',
    ];
    const { code, out, err } = await runCli([...args, '--origin', 'https://page.test'], {
      env: { BEARER: bearer },
    });
    assert.equal(code, 0, out + err);
    assert.ok(!out.includes('missing') && !out.includes('advice'), out);
    assert.ok(!(out + err).includes(bearer), 'it prints the bearer token');
  });

  it('limits the requests of a user to the playlist signer', async () => {
    const viewer = await idToken({ sub: 'user-2', streams: ['demo'] });
    secretsSeen.push(viewer);
    const viewersBrowser = new CookieJar();
    await ask(['demo'], { Authorization: `Bearer ${viewer}` }, 'playback', viewersBrowser);
    const { port } = upstream.address() as { port: number };
    const target = `${origin}/hls/sign?url=${encodeURIComponent(`http://127.0.0.1:${port}/live/demo.m3u8`)}`;
    const statuses: number[] = [];
    for (let count = 0; count < 9; count += 1) {
      const response = await fetch(target, { headers: viewersBrowser.headers });
      statuses.push(response.status);
      if (response.status === 429) assert.ok(Number(response.headers.get('Retry-After')) > 0);
    }
    assert.equal(statuses[0], 200);
    assert.equal(statuses.at(-1), 429);
  });

  it('finishes a current request on SIGTERM, accepts no new one, and logs no secret', async () => {
    await ask(['demo']);
    const cookie = browser.headers['Cookie'] ?? '';
    for (const pair of cookie.split('; ')) secretsSeen.push(pair.slice(pair.indexOf('=') + 1));
    holdsBack = true;
    const { port } = upstream.address() as { port: number };
    const target = `${origin}/hls/sign?url=${encodeURIComponent(`http://127.0.0.1:${port}/live/demo.m3u8`)}`;
    // node:http with its own connection: fetch would retry on a fresh one and hide a cut connection.
    const inFlight = new Promise<number | undefined>((resolve, reject) => {
      httpRequest(target, { headers: { Cookie: cookie } }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      })
        .once('error', reject)
        .end();
    });
    await until(() => heldBack.length > 0, 'the request');
    assert.ok(child);
    child.kill('SIGTERM');
    const isRefused = () =>
      fetch(`${origin}/healthz`).then(
        () => false,
        () => true,
      );
    await until(isRefused, 'no new connection to be taken');
    // As from npx, which passes on a signal that the server also gets itself.
    child.kill('SIGTERM');
    for (const answer of heldBack) answer();
    const exit = once(child, 'exit');
    assert.equal(await inFlight, 200);
    const [code] = (await exit) as [number | null];
    assert.equal(code, 0);
    const { out, err } = output();
    assert.ok(out.includes('"msg":"Tokens issued"') && out.includes('"requestId":'));
    for (const secret of [...secretsSeen, media.pem.slice(60, 100)]) {
      assert.ok(secret.length > 20 && !(out + err).includes(secret), 'a secret is in the log');
    }
  });
});

describe('the configuration of gatecast serve', () => {
  const configWith = (playback: object, ingest: object) => {
    const path = join(mkdtempSync(join(tmpdir(), 'gatecast-config-')), 'config.json');
    const authorization = { jwksUrl: 'https://idp.test/jwks', playback: { any: true } };
    const keys = { directory: 'keys' };
    writeFileSync(path, JSON.stringify({ keys, issuers: { playback, ingest }, authorization }));
    return path;
  };

  for (const [what, playback, ingest, isGood] of [
    ['the default audiences', { type: 'jwt' }, { type: 'ingest-jwt' }, true],
    ['one issuer type without audiences', { type: 'jwt' }, { type: 'jwt' }, false],
    [
      'a common audience',
      { type: 'jwt', audience: ['v', 'x'] },
      { type: 'ingest-jwt', audience: 'x' },
      false,
    ],
    [
      'a common audience and a type for each',
      { type: 'jwt', audience: 'x', typ: 'gatecast-playback+jwt' },
      { type: 'ingest-jwt', audience: 'x', typ: 'gatecast-ingest+jwt' },
      true,
    ],
    [
      'a common audience and one type',
      { type: 'jwt', audience: 'x', typ: 'gatecast-playback+jwt' },
      { type: 'ingest-jwt', audience: 'x', typ: 'gatecast-playback+jwt' },
      false,
    ],
  ] as const) {
    it(`is ${isGood ? 'accepted' : 'refused'} with ${what}`, async () => {
      const loaded = loadConfig(configWith(playback, ingest));
      if (isGood) await loaded;
      else await assert.rejects(loaded, /issuers: needs another audience or "typ"/);
    });
  }
});

describe('gatecast serve with a shared secret', () => {
  it('does not start with a secret that is too short, and names the option', async () => {
    const config = join(folder, 'short.json');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      config,
      JSON.stringify({
        listen: { port: 0 },
        keys: { key: { env: 'KEY' } },
        issuers: { playback: { type: 'jwt' } },
        authorization: { secret: { env: 'COOKIE_SECRET' }, cookie: 's', playback: { any: true } },
      }),
    );
    const short = await runCli(['serve', '--config', config], {
      env: { KEY: media.pem, COOKIE_SECRET: 'sentinel-short' },
    });
    assert.equal(short.code, 2);
    assert.match(short.err, /authorization\.secret/);
    assert.ok(!short.err.includes('sentinel'));
    const absent = await runCli(['serve', '--config', config], { env: { COOKIE_SECRET } });
    assert.equal(absent.code, 2);
    assert.match(absent.err, /environment variable KEY/);
    rmSync(folder, { recursive: true, force: true });
  });
});
