import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createDocsRoutes } from '../../demo/server/docs-routes.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-docs-'));
const site = join(folder, 'site');

describe('/docs/', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function get(path: string): Promise<Response> {
    return createDocsRoutes(site)(new Request(`http://localhost${path}`));
  }

  it('answers 503 while the site is being built, with a page that reloads itself', async () => {
    const response = await get('/docs/');
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('Retry-After'), '3');
    assert.match(await response.text(), /http-equiv="refresh"/);
  });

  it('serves the site as soon as it exists', async () => {
    mkdirSync(join(site, 'guide'), { recursive: true });
    writeFileSync(join(site, 'index.html'), 'the start');
    writeFileSync(join(site, '404.html'), 'no such page');
    writeFileSync(join(site, 'guide/security.html'), 'the guide');
    writeFileSync(join(folder, 'secret.txt'), 'beside the site');
    assert.equal(await (await get('/docs/')).text(), 'the start');
    const page = await get('/docs/guide/security.html');
    assert.equal(await page.text(), 'the guide');
    assert.match(page.headers.get('Content-Type') ?? '', /^text\/html/);
  });

  it('redirects to the path with a slash, which relative URLs need', async () => {
    assert.equal((await get('/docs')).headers.get('Location'), '/docs/');
  });

  it('answers 404 with the site’s page for missing files and for files outside the site', async () => {
    for (const path of ['/docs/nowhere.html', '/docs/%2e%2e/secret.txt', '/docs/..%2fsecret.txt']) {
      const response = await get(path);
      assert.equal(response.status, 404, path);
    }
    assert.equal(await (await get('/docs/nowhere.html')).text(), 'no such page');
  });
});
