import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type SigningKey,
  createJwksHandler,
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
} from '@gatecast/server';
import { toNodeListener } from '@gatecast/server/node';
import { createBackend } from '../../demo/backend/backend.js';
import { listen, originOf, stopServer } from '../../demo/backend/http/http-listener.js';
import { readTrustedKeys } from '../../demo/backend/tokens/trusted-keys.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gatecast-keys-'));
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'mine' });
const { key: other } = await generateSigningKey({ alg: 'ES256', kid: 'other' });
const jwks = createKeySet([key]).jwks();

function write(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

/** A token backend of one's own. */
function ownBackend(signing: SigningKey) {
  const keys = createKeySet([signing]);
  const tokens = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }), ingest: jwtIssuer({ keys, audience: 'ingest' }) },
    authorize: () => true,
  });
  return { tokens, jwks: createJwksHandler({ keys }) };
}

async function tokenOf(answer: Response | Promise<Response>): Promise<string> {
  const { tokens } = (await (await answer).json()) as { tokens: [{ token: string }] };
  return tokens[0].token;
}

function question(address: string, purpose = 'playback', stream = 'demo'): Request {
  return new Request(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose, streams: [stream], reason: 'initial' }),
  });
}

const minted = (signing: SigningKey, purpose?: string, stream?: string): Promise<string> =>
  tokenOf(ownBackend(signing).tokens(question('http://backend.test/api/tokens', purpose, stream)));

/** Starts the command of `npm start` and resolves with what it has printed when `awaited` is in it. */
async function start(environment: Record<string, string>, awaited: RegExp): Promise<string> {
  const args = ['--conditions=gatecast-source', '--import', 'tsx', 'demo/server.ts'];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, PORT: '0', INIT_CWD: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (awaited.test(output)) resolve(output);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => reject(new Error(`It ended without ${awaited}: ${output}`)));
  });
}

const originIn = (output: string): string =>
  /Gatecast demo +(http:\/\/localhost:\d+)/.exec(output)?.[1] ?? '';

describe('STREAM_JWKS', () => {
  it('makes origin and ingest accept tokens of the keys in a file, beside the demo’s own', async () => {
    const output = await start({ STREAM_JWKS: write('keys.json', jwks) }, /trusted keys +keys\.json\n/);
    const origin = originIn(output);
    const status = async (token: string, path = '/live/demo.m3u8') =>
      (await fetch(`${origin}${path}?token=${token}`)).status;
    assert.equal(await status(await minted(key)), 200);
    assert.equal(await status(await tokenOf(fetch(question(`${origin}/api/tokens`)))), 200);
    // Only for the stream and the purpose of the token, and only with a trusted key.
    assert.equal(await status(await minted(key, 'playback', 'demo-high')), 403);
    assert.equal(await status(await minted(key, 'ingest')), 403);
    assert.equal(await status(await minted(other)), 403);
    const forged = await generateSigningKey({ alg: 'ES256', kid: 'mine' });
    assert.equal(await status(await minted(forged.key)), 403);
    const send = async (token: string) =>
      (
        await fetch(`${origin}/whip/mine`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
          body: 'v=0',
        })
      ).status;
    assert.equal(await send(await minted(other, 'ingest', 'mine')), 403);
    // The token is accepted: the offer is not.
    assert.equal(await send(await minted(key, 'ingest', 'mine')), 400);
  });

  it('reads an address later if its backend starts after the demo, and follows its rotation', async () => {
    let own = ownBackend(key);
    let isUp = false;
    const server = createServer((incoming, outgoing) => {
      if (isUp) toNodeListener(own.jwks)(incoming, outgoing);
      else incoming.socket.destroy();
    });
    await listen(server, 0, '127.0.0.1');
    const address = `${originOf(server)}/.well-known/jwks.json?key=sentinel`;
    const output = await start({ STREAM_JWKS: address }, /does not respond yet[^\n]*\n/);
    assert.ok(!output.includes('sentinel'));
    const playlist = `${originIn(output)}/live/demo.m3u8?token=`;
    assert.equal((await fetch(playlist + (await minted(key)))).status, 503);
    isUp = true;
    const played = async (signing: SigningKey): Promise<Response> => {
      const response = await fetch(playlist + (await minted(signing)));
      if (response.status !== 503) return response;
      // The reader waits after a failure, as it says.
      const seconds = Number(response.headers.get('Retry-After') ?? 1);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      return played(signing);
    };
    assert.equal((await played(key)).status, 200);
    own = ownBackend(other);
    assert.equal((await played(other)).status, 200);
    await stopServer(server);
  });

  it('ends the start with a clear message', async () => {
    const output = await start({ STREAM_JWKS: 'absent.json' }, /STREAM_JWKS.*\n/);
    assert.equal(output, 'STREAM_JWKS: the file absent.json cannot be read (ENOENT).\n');
  });

  const [publicJwk] = jwks.keys;
  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ['a PEM', '-----BEGIN PUBLIC KEY-----\nMFkw\n', /is a PEM file, not a JWKS\. It must be/],
    ['broken JSON', '{ "keys": [', /is not a JWKS\. It must be/],
    ['one JWK', publicJwk, /is not a JWKS/],
    ['no keys', { keys: [] }, /is not a JWKS/],
    ['null', null, /is not a JWKS/],
    ['null as a key', { keys: [null] }, /is not a JWKS/],
    ['a private key', { keys: [publicJwk, { ...publicJwk, d: 'sentinel' }] }, /key 2 is private or secret/],
    ['a shared secret', { keys: [{ kty: 'oct', kid: 'a', k: 'sentinel' }] }, /key 1 is private or secret/],
    ['a key without kid', { keys: [{ ...publicJwk, kid: undefined }] }, /key 1 has no "kid"/],
    ['another curve', { keys: [{ ...publicJwk, crv: 'P-384' }] }, /key 1 is not for an accepted algorithm/],
    ['half a key', { keys: [{ ...publicJwk, y: undefined }] }, /key 1 cannot be read as a public key/],
  ];
  for (const [name, content, message] of wrong) {
    it(`refuses a file with ${name}`, async () => {
      const path = write('wrong.json', content);
      await assert.rejects(readTrustedKeys(path, { folder }), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, /^STREAM_JWKS: the file wrong\.json/);
        assert.ok(!error.message.includes('sentinel'));
        return true;
      });
    });
  }

  const answers: readonly (readonly [string, () => Response, RegExp])[] = [
    ['404', () => new Response('', { status: 404 }), /\/jwks is not a JWKS: .*HTTP 404/],
    ['a page', () => new Response('<html>'), /\/jwks is not a JWKS\. It must be/],
    ['other JSON', () => Response.json({ key: 1 }), /\/jwks is not a JWKS\. It must be/],
  ];
  for (const [name, answer, message] of answers) {
    it(`refuses an address that answers ${name}`, async () => {
      const fetch = async () => answer();
      await assert.rejects(
        readTrustedKeys('http://backend.test/jwks?key=sentinel', { folder, fetch }),
        (error: Error) => message.test(error.message) && !error.message.includes('sentinel'),
      );
    });
  }

  it('refuses other addresses', async () => {
    for (const source of ['ftp://backend.test/', 'http://user:secret@backend.test/', 'https://'])
      await assert.rejects(readTrustedKeys(source, { folder }), /must be the path of a file, or an http/);
  });

  it('leaves the faults of the demo’s tokens to its own', async () => {
    const backend = await createBackend({ trustedKeys: jwks });
    const token = await minted(key);
    const fault = new Request('http://localhost/api/qa/faults', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{ "expireNow": true }',
    });
    const own = await tokenOf(backend.fetch(question('http://localhost/api/tokens')));
    assert.equal((await backend.fetch(fault)).status, 200);
    const status = async (value: string) =>
      (await backend.fetch(new Request(`http://localhost/live/demo.m3u8?token=${value}`))).status;
    assert.equal(await status(own), 403);
    assert.equal(await status(token), 200);
    backend.close();
  });
});
