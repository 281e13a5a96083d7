import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Linter } from 'eslint';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { importConfigs } from '../../.config/eslint/imports.js';
import { packages, rooms } from '../../.config/eslint/rooms.js';

const rule = 'import-x/no-restricted-paths';
// Only this rule, without type information, so that linting a snippet is fast.
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
    ...importConfigs.filter(({ rules }) => rule in rules),
  ] as Linter.Config[],
});

async function messagesOf(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path });
  return (result?.messages ?? []).map(({ message }) => message);
}

const refused: readonly [what: string, path: string, code: string, reason: RegExp][] = [
  [
    'a room above',
    'packages/player/src/engine/snippet.ts',
    "import { playback } from '../playback/playback.js';",
    / engine may not import playback, which is not below it/,
  ],
  [
    'a type from a room above',
    'packages/server/src/key/snippet.ts',
    "import type { Config } from '../serve/config-schema.js';",
    / key may not import serve, which is not below it/,
  ],
  [
    'a dynamic import from a room above',
    'packages/webcaster/src/capture/snippet.ts',
    "export const load = () => import('../publisher/registry.js');",
    / capture may not import publisher/,
  ],
  [
    'an export from a room above',
    'demo/shared/snippet.ts',
    "export * from '../player/player-page.js';",
    / shared may not import player/,
  ],
  [
    'another engine',
    'packages/player/src/engine/native/snippet.ts',
    "import '../hls/hls-engine.js';",
    / native may not import hls, which is not below it/,
  ],
  [
    'another publisher',
    'packages/webcaster/src/publisher/nanostream/snippet.ts',
    "import '../whip/whip-session.js';",
    / nanostream may not import whip, which is not below it/,
  ],
  [
    'another issuer',
    'packages/server/src/issuer/jwt/snippet.ts',
    "import '../sts-security/sts-security-issuer.js';",
    / jwt may not import sts-security, which is not below it/,
  ],
  [
    'another page of the demo',
    'demo/lab/snippet.ts',
    "import '../studio/studio-page.js';",
    / lab may not import studio, which is not below it/,
  ],
];

const allowed: readonly [what: string, path: string, code: string][] = [
  ['a room below', 'packages/player/src/playback/snippet.ts', "import '../engine/engine.js';"],
  ['a file of the same room', 'packages/player/src/overlay/skin/snippet.ts', "import '../overlay-host.js';"],
  [
    'its engines in a room of engines',
    'packages/player/src/engine/snippet.ts',
    "import './hls/hls-engine.js';",
  ],
  ['what engines share', 'packages/player/src/engine/hls/snippet.ts', "import '../engine.js';"],
  [
    'what issuers of a vendor share',
    'packages/server/src/issuer/sts-security/snippet.ts',
    "import '../nanocosmos/vendor-client.js';",
  ],
  ['another package by its name', 'packages/player/src/media/snippet.ts', "import '@gatecast/element';"],
];

describe('lint refuses', () => {
  for (const [what, path, code, reason] of refused) {
    it(`${what} in ${path}`, async () => {
      const [message = '', ...more] = await messagesOf(path, code);
      assert.match(message, reason);
      assert.deepEqual(more, []);
    });
  }
});

describe('lint allows', () => {
  for (const [what, path, code] of allowed) {
    it(`${what} in ${path}`, async () => assert.deepEqual(await messagesOf(path, code), []));
  }
});

/** The demo's pages are beside its rooms, and its documentation is not code. */
const isRoom = (name: string): boolean => !/^(docs|node_modules)$|\.(json|html)$/.test(name);

describe('the table of rooms', () => {
  const repositoryConfig = new ESLint({ overrideConfigFile: '.config/eslint.config.js' });

  for (const [base, rows] of Object.entries(rooms)) {
    it(`is enforced in ${base}`, async () => {
      const { rules } = (await repositoryConfig.calculateConfigForFile(
        `${base}/snippet.ts`,
      )) as Linter.Config;
      assert.equal((rules?.[rule] as readonly unknown[])[0], 2);
    });

    it(`lists exactly the rooms of ${base}`, () => {
      assert.deepEqual(rows.flat().sort(), readdirSync(base).filter(isRoom).sort());
    });
  }

  it('lists exactly the packages', () => {
    assert.deepEqual(packages.flat().sort(), readdirSync('packages').sort());
  });
});
