import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { buildDocs } from '../../demo/docs/.vitepress/build-docs.js';

/** Text of all built pages, by path. */
function readPages(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.html'))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}

describe('the documentation', () => {
  let folder: string;
  let pages: Map<string, string>;

  before(async () => {
    // VitePress fails for a link to a missing page.
    ({ folder } = await buildDocs());
    pages = readPages(folder);
  });

  it('has all guide pages and the pages generated from the sources', () => {
    const expected = [
      'index.html',
      ...['hls', 'h5live', 'webcaster', 'whip', 'vite'].map((name) => `quick-start/${name}.html`),
      ...[
        'token-endpoint',
        'openapi',
        'controls',
        'security',
        'engines',
        'testing',
        'operations',
        'compared',
      ].map((name) => `guide/${name}.html`),
      ...['secure-player', 'secure-webcaster'].map((tag) => `reference/generated/elements/${tag}.html`),
      ...['player', 'webcaster', 'token', 'qa', 'server', 'server/node'].map(
        (name) => `reference/generated/packages/@gatecast/${name}.html`,
      ),
      'reference/errors.html',
      'contribute/architecture.html',
      'contribute/how-to.html',
      ...['clock-and-leases', 'hls-js-light-build', 'redirects', 'webkitgtk', 'native-signer'].map(
        (name) => `contribute/decisions/${name}.html`,
      ),
    ];
    assert.deepEqual(
      expected.filter((path) => !pages.has(path)),
      [],
    );
  });

  it('has no link to a missing heading', () => {
    const ids = new Map(
      [...pages].map(([path, html]) => [
        path,
        new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
      ]),
    );
    const dead = [...pages].flatMap(([path, html]) =>
      [...html.matchAll(/ href="([^"#]*)#([^"]+)"/g)].flatMap(([, address = '', hash = '']) => {
        const target = new URL(address, `http://localhost/docs/${path}`);
        if (target.host !== 'localhost') return [];
        const page = target.pathname.replace('/docs/', '').replace(/\/$/, '/index.html') || 'index.html';
        return ids.get(page)?.has(decodeURIComponent(hash)) ? [] : [`${path}: ${page}#${hash}`];
      }),
    );
    assert.deepEqual(dead, []);
  });

  it('links only to existing pages of the demo', () => {
    const paths = [...pages.values()].flatMap((html) =>
      [...html.matchAll(/ href="(\/(?!docs\/)[^"?]*)[^"]*"/g)].map(([, path = '']) => path),
    );
    assert.ok(paths.includes('/lab/'));
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(import.meta.dirname, '../../demo', path, 'index.html'))),
      [],
    );
  });

  it('shows attributes with their names in markup', () => {
    const page = pages.get('reference/generated/elements/secure-player.html') ?? '';
    for (const name of ['token-url', 'refresh-lead', 'playlist-signer']) {
      assert.ok(page.includes(`<code>${name}</code>`), `${name} is missing`);
    }
  });

  it('loads nothing from another server', () => {
    const loaded = [...pages].flatMap(([path, html]) =>
      [...html.matchAll(/<(?:script|img|link|iframe)[^>]+(?:src|href)="(https?:\/\/[^"]+)"/g)].map(
        ([, address]) => `${path}: ${address ?? ''}`,
      ),
    );
    assert.deepEqual(loaded, []);
    assert.ok(existsSync(join(folder, 'gatecast-mark.svg')));
  });
});
