import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { framePage } from '../../demo/server/page-frame.js';

const paths = ['/', '/player/', '/webcaster/', '/studio/', '/lab/', '/vendor-link/', '/embed/'];

describe('the frame of the demo’s pages', () => {
  for (const path of paths) {
    it(`adds head, navigation and footer to ${path}, and marks the current page`, () => {
      const source = readFileSync(new URL(`../../demo${path}index.html`, import.meta.url), 'utf8');
      const html = framePage(source, path);
      assert.ok(!html.includes('<!-- page'), 'every mark was filled');
      assert.equal(html.split('<header').length, 2);
      assert.equal(html.split('<footer').length, 2);
      assert.match(html, new RegExp(`<a[^>]+href="${path}" aria-current="page"`));
      assert.equal(html.split('aria-current').length, 2);
    });
  }

  it('has a line for scripts that do not load, which the module of each page removes', () => {
    for (const [path, module] of [
      ['/', 'landing/landing-start'],
      ['/player/', 'player/player-page'],
      ['/webcaster/', 'webcaster/webcaster-page'],
      ['/studio/', 'studio/studio-page'],
      ['/lab/', 'lab/lab-page'],
      ['/vendor-link/', 'vendor-link/vendor-link-page'],
      ['/embed/', 'embed/embed-page'],
      ['/csp/', 'csp/csp-page'],
    ] as const) {
      const read = (file: string) => readFileSync(new URL(`../../demo/${file}`, import.meta.url), 'utf8');
      const html = framePage(read(`${path.slice(1)}index.html`), path);
      assert.equal(html.split('id="load-notice"').length, 2, path);
      assert.ok(html.includes(`${module.replace(/^(?!landing).*\//, '')}.ts`), module);
      assert.match(read(`${module}.ts`), /^void removeLoadNotice\(\);$/m, module);
    }
  });

  it('does not change a page that has none of its placeholders', () => {
    assert.equal(framePage('<p>alone</p>', '/csp/'), '<p>alone</p>');
  });
});
