import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createScriptTagRoutes } from '../../demo/server/script-tag-routes.js';

const folder = await mkdtemp(join(tmpdir(), 'gatecast-script-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
await writeFile(join(folder, 'gatecast.js'), 'export const entry = 1;');
await writeFile(join(folder, 'gatecast-hls-a1b2.js'), 'export const chunk = 2;');
await writeFile(join(folder, 'secret.txt'), 'not public');

const routes = createScriptTagRoutes({ folder: () => Promise.resolve(folder) });
const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  routes.fetch(new Request(`http://localhost${path}`, { headers }));

describe('the script tag over HTTP', () => {
  it('revalidates the entry, and caches chunks as immutable', async () => {
    const entry = await get('/gatecast.js');
    assert.equal(await entry.text(), 'export const entry = 1;');
    assert.equal(entry.headers.get('Content-Type'), 'text/javascript; charset=utf-8');
    assert.equal(entry.headers.get('Cache-Control'), 'no-cache');
    assert.equal(entry.headers.get('Access-Control-Allow-Origin'), '*');
    const chunk = await get('/gatecast-hls-a1b2.js');
    assert.match(chunk.headers.get('Cache-Control') ?? '', /immutable/);
  });

  it('compresses for Accept-Encoding, with one ETag for each encoding', async () => {
    const plain = await get('/gatecast.js');
    const brotli = await get('/gatecast.js', { 'Accept-Encoding': 'gzip, deflate, br' });
    const gzip = await get('/gatecast.js', { 'Accept-Encoding': 'gzip, br;q=0' });
    assert.equal(brotli.headers.get('Content-Encoding'), 'br');
    assert.equal(gzip.headers.get('Content-Encoding'), 'gzip');
    assert.equal(brotliDecompressSync(await brotli.arrayBuffer()).toString(), 'export const entry = 1;');
    assert.equal(gunzipSync(await gzip.arrayBuffer()).toString(), 'export const entry = 1;');
    assert.equal(new Set([plain, brotli, gzip].map((response) => response.headers.get('ETag'))).size, 3);
  });

  it('answers 304 for a current ETag', async () => {
    const tag = (await get('/gatecast.js')).headers.get('ETag') ?? '';
    assert.equal((await get('/gatecast.js', { 'If-None-Match': tag })).status, 304);
    await writeFile(join(folder, 'gatecast.js'), 'export const entry = 3;');
    assert.equal((await get('/gatecast.js', { 'If-None-Match': tag })).status, 200);
  });

  it('serves nothing else', async () => {
    for (const path of ['/secret.txt', '/gatecast-gone.js', '/gatecast-%2e%2e%2fsecret.txt.js']) {
      assert.equal((await get(path)).status, 404, path);
    }
  });

  it('answers 503 when the build failed', async () => {
    const broken = createScriptTagRoutes({ folder: () => Promise.reject(new Error('private words')) });
    const response = await broken.fetch(new Request('http://localhost/gatecast.js'));
    assert.equal(response.status, 503);
    assert.doesNotMatch(await response.text(), /private words/);
  });
});
