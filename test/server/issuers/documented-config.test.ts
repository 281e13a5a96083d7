import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { issuerTypes } from '@gatecast/server';
import { loadConfig } from '@gatecast/server/node';
import { issuerContext } from '../support/scheme-kit.js';

const PAGES = 'demo/docs/issuers';
const folder = mkdtempSync(join(tmpdir(), 'gatecast-documented-'));

/** The configurations of issuers that the pages show. */
const examples = readdirSync(PAGES).flatMap((page) =>
  [...readFileSync(join(PAGES, page), 'utf8').matchAll(/```json\n(\{\s*"type"[^`]*)```/g)].map(
    ([, text = '']) => ({
      page,
      config: JSON.parse(text) as { readonly type: string },
    }),
  ),
);

/** The complete configuration of the page about all issuers. */
const [, whole = ''] =
  /```json\n(\{\s*"issuers"[^`]*)```/.exec(readFileSync(join(PAGES, 'index.md'), 'utf8')) ?? [];

describe('the configurations in the pages of the issuers', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('are there for every issuer, in its own page', () => {
    const shown = new Set(examples.map(({ page, config }) => `${page}: ${config.type}`));
    for (const { type } of issuerTypes) assert.ok(shown.has(`${type}.md: ${type}`), type);
  });

  it('are accepted as a whole', async () => {
    const path = join(folder, 'whole.json');
    writeFileSync(path, whole);
    assert.equal((await loadConfig(path)).issuers.playback?.type, 'bunny');
  });

  for (const [at, { page, config }] of examples.entries()) {
    it(`are accepted by gatecast serve: ${page}, ${String(at)}`, async () => {
      const path = join(folder, `${String(at)}.json`);
      const authorization = { jwksUrl: 'https://idp.test/jwks', playback: { any: true } };
      writeFileSync(
        path,
        JSON.stringify({ keys: { directory: 'keys' }, issuers: { playback: config }, authorization }),
      );
      const loaded = await loadConfig(path);
      assert.equal(loaded.issuers.playback?.type, config.type);
      const found = issuerTypes.find(({ type }) => type === config.type);
      assert.ok(found?.create(config, issuerContext({})));
    });
  }
});
