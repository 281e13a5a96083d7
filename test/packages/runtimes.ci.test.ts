import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalJWKSet, exportJWK, importSPKI, jwtVerify } from 'jose';
import { consumerProjects, type ConsumerProjects } from './support/consumer-project.js';
import { startSurroundings, type RuntimeSurroundings } from './support/runtime-surroundings.js';
import { prepareRuntime, runtimes, startRuntime, type RunningRuntime } from './support/start-runtime.js';

const API_KEY = 'the-api-key-of-the-stand-ins';
const PAGE = 'https://page.test';
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;
const publicKeyEncoding = spki;

const pairs = {
  // The format of `openssl genrsa`, which WebCrypto cannot read directly.
  RS256: generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding: pkcs8 }),
  EdDSA: generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding: pkcs8 }),
};

interface Item {
  readonly token?: string;
  readonly security?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly tokens: readonly Item[];
  readonly playlists: Readonly<Record<string, string>>;
  readonly code: string | undefined;
}

let projects: ConsumerProjects;
let surroundings: RuntimeSurroundings;

before(async () => {
  projects = await consumerProjects();
  surroundings = await startSurroundings(API_KEY);
});

after(async () => {
  await surroundings.stop();
  projects.remove();
});

for (const runtime of runtimes) {
  describe(`@gatecast/server as packed, on ${runtime.name}`, () => {
    let running: RunningRuntime;

    before(async () => {
      const { folder } = projects.create(runtime.name, {
        packed: ['@gatecast/server'],
        files: {},
      });
      console.log(`# ${runtime.name} ${await prepareRuntime(folder, runtime)}`);
      running = await startRuntime(folder, runtime, (origin) => ({
        pems: Object.fromEntries(Object.entries(pairs).map(([alg, { privateKey }]) => [alg, privateKey])),
        vendorUrl: surroundings.vendorUrl,
        upstream: surroundings.upstream,
        jwksUrl: `${origin}/.well-known/jwks.json`,
        apiKey: API_KEY,
        pageOrigin: PAGE,
      }));
      surroundings.trust(`${running.origin}/.well-known/jwks.json`);
    });

    after(() => running.stop());

    const send = (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(running.origin + path, { redirect: 'manual', ...init, signal: AbortSignal.timeout(120_000) });

    async function ask(path: string, streams: readonly string[], purpose = 'playback'): Promise<Answer> {
      const response = await send(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: 'Bearer user-1' },
        body: JSON.stringify({ purpose, streams }),
      });
      const { status, headers } = response;
      const body = (await response.json()) as Partial<Answer>;
      return { status, headers, tokens: body.tokens ?? [], playlists: body.playlists ?? {}, code: body.code };
    }

    async function refusal(response: Response): Promise<[number, string | undefined]> {
      assert.match(response.headers.get('Content-Type') ?? '', /^application\/problem\+json/);
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
      const { code } = (await response.json()) as { code?: string };
      return [response.status, code];
    }

    for (const [alg, path] of [
      ['RS256', '/api/tokens'],
      ['ES256', '/api/es256'],
      ['EdDSA', '/api/eddsa'],
    ] as const) {
      it(`mints ${alg} tokens that verify with the key's public half`, async () => {
        const { status, headers, tokens } = await ask(path, ['demo', 'other']);
        assert.equal(status, 200);
        assert.equal(headers.get('Cache-Control'), 'no-store');
        const jwk = await exportJWK(await importSPKI(pairs[alg].publicKey, alg, { extractable: true }));
        const findKey = createLocalJWKSet({ keys: [{ ...jwk, kid: alg, alg }] });
        assert.equal(tokens.length, 2);
        const verified = await jwtVerify(tokens[1]?.token ?? '', findKey, { audience: 'v', typ: 'JWT' });
        assert.equal(verified.payload.sub, 'other');
        assert.deepEqual(verified.protectedHeader, { alg, kid: alg, typ: 'JWT' });
      });
    }

    it('publishes only public keys, and answers HEAD without a body', async () => {
      const { keys } = (await (await send('/.well-known/jwks.json')).json()) as { keys: object[] };
      assert.deepEqual(keys.map((key) => 'd' in key), [false, false, false]); // prettier-ignore
      const head = await send('/.well-known/jwks.json', { method: 'HEAD' });
      assert.equal(head.status, 200);
      assert.match(head.headers.get('Cache-Control') ?? '', /max-age=300/);
      assert.equal(await head.text(), '');
    });

    it('answers errors with the codes of the contract', async () => {
      const post = (body: string, headers: Record<string, string>) =>
        send('/api/tokens', { method: 'POST', body, headers });
      const json = { 'Content-Type': 'application/json' };
      const question = JSON.stringify({ purpose: 'playback', streams: ['demo'] });
      assert.deepEqual(await refusal(await post('{', json)), [400, 'request-invalid']);
      assert.deepEqual(await refusal(await post('[]', json)), [400, 'request-invalid']);
      assert.deepEqual(await refusal(await post(question, { 'Content-Type': 'text/plain' })), [
        415,
        'media-type-unsupported',
      ]);
      assert.deepEqual(await refusal(await post('x'.repeat(20_000), json)), [413, 'request-too-large']);
      assert.deepEqual(await refusal(await post(question, json)), [401, 'unauthenticated']);
      assert.equal((await ask('/api/tokens', ['secret'])).code, 'forbidden');
      const get = await send('/api/tokens');
      assert.equal(get.headers.get('Allow'), 'POST, OPTIONS');
      assert.deepEqual(await refusal(get), [405, 'method-not-allowed']);
      assert.deepEqual(await refusal(await send('/nowhere')), [404, 'not-found']);
    });

    it('refuses an endless body without a length', async () => {
      let sent = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += 1;
          if (sent > 200) controller.close();
          else controller.enqueue(new Uint8Array(4096).fill(0x20));
        },
      });
      const headers = { 'Content-Type': 'application/json' };
      const init = { method: 'POST', headers, body, duplex: 'half' } as const;
      // Some runtimes close the connection while the client still sends. Both count as a refusal.
      const status = await send('/api/tokens', init).then(
        (response) => response.status,
        () => 413,
      );
      assert.equal(status, 413);
    });

    it('allows only the listed page by CORS', async () => {
      const preflight = (origin: string) =>
        send('/api/tokens', {
          method: 'OPTIONS',
          headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
        });
      const allowed = await preflight(PAGE);
      assert.equal(allowed.status, 204);
      assert.equal(allowed.headers.get('Access-Control-Allow-Origin'), PAGE);
      assert.equal(allowed.headers.get('Access-Control-Allow-Credentials'), 'true');
      assert.equal(allowed.headers.get('Access-Control-Allow-Methods'), 'POST');
      assert.equal((await preflight('https://evil.test')).headers.get('Access-Control-Allow-Origin'), null);
    });

    it('fetches tokens from the vendor with a key that stays on the server', async () => {
      const [sts] = (await ask('/api/sts', ['demo'])).tokens;
      assert.deepEqual(Object.keys(sts?.security ?? {}).sort(), ['expires', 'options', 'token']);
      assert.match((await ask('/api/splay', ['demo'])).tokens[0]?.token ?? '', /^eyJ/);
      assert.match((await ask('/api/webcaster', ['demo'], 'ingest')).tokens[0]?.token ?? '', /^eyJ/);
    });

    it('answers with a problem when the vendor refuses or does not respond', async () => {
      const wrong = await ask('/api/wrong-key', ['demo']);
      assert.deepEqual([wrong.status, wrong.code], [502, 'vendor-refused']);
      const silent = await ask('/api/silent-vendor', ['demo']);
      assert.deepEqual([silent.status, silent.code], [504, 'vendor-timeout']);
    });

    it('answers all identical concurrent requests', async () => {
      surroundings.takeVendorCalls();
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/api/sts', ['together'])));
      assert.deepEqual(
        answers.map(({ status }) => status),
        answers.map(() => 200),
      );
      assert.ok(surroundings.takeVendorCalls() <= 20);
    });

    it('answers the other requests after the first client disconnects', async () => {
      const leaving = new AbortController();
      const question = (signal: AbortSignal) =>
        fetch(`${running.origin}/api/sts`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: 'Bearer user-1' },
          body: JSON.stringify({ purpose: 'playback', streams: ['left'] }),
          signal,
        });
      const first = question(leaving.signal).catch(() => null);
      const others = [1, 2, 3].map(async (index) => {
        await sleep(5 * index);
        return (await question(AbortSignal.timeout(120_000))).status;
      });
      await sleep(25);
      leaving.abort();
      await first;
      assert.deepEqual(await Promise.all(others), [200, 200, 200]);
      assert.equal((await ask('/api/sts', ['left'])).status, 200);
    });

    it('accepts only ingest tokens for publishing, verified with the JWKS', async () => {
      const [item] = (await ask('/api/tokens', ['studio'], 'ingest')).tokens;
      const publish = (token: string) =>
        send('/whip/studio', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
      const accepted = await publish(item?.token ?? '');
      assert.equal(accepted.status, 200);
      const [viewer] = (await ask('/api/tokens', ['studio'])).tokens;
      assert.deepEqual(await refusal(await publish(viewer?.token ?? '')), [403, 'token-wrong-audience']);
      assert.deepEqual(await refusal(await send('/whip/studio')), [401, 'token-missing']);
    });

    it('includes playlists in the answer, and signs playlists for the session cookie', async () => {
      const { upstream } = surroundings;
      const { headers, playlists } = await ask('/api/tokens', ['demo']);
      assert.deepEqual(Object.keys(playlists), [`${upstream}demo.m3u8`]);
      const Cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const sign = (file: string, more: Record<string, string> = { Cookie }) =>
        send(`/hls/sign?url=${encodeURIComponent(upstream + file)}`, { headers: more });

      for (const file of ['demo.m3u8', 'moved.m3u8']) {
        const signed = await sign(file);
        assert.equal(signed.status, 200);
        const address = new URL((await signed.text()).split('\n')[3] ?? '');
        assert.equal(address.href.split('?')[0], `${upstream}seg1.m4s`);
        const segment = await fetch(address);
        assert.equal(segment.status, 200, 'the origin takes the token of a segment');
        await segment.text();
      }
      assert.deepEqual(await refusal(await sign('demo.m3u8', {})), [401, 'playlist-cookie-missing']);
      assert.deepEqual(await refusal(await sign('away.m3u8')), [403, 'upstream-not-allowed']);
      assert.deepEqual(await refusal(await sign('slow.m3u8')), [504, 'upstream-timeout']);
      assert.deepEqual(await refusal(await sign('../vendor/x.m3u8')), [403, 'upstream-not-allowed']);
    });
  });
}
