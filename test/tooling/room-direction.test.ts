import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { roomDirection } from '../../.config/eslint/room-direction.js';
import { rooms } from '../../.config/eslint/rooms.js';

const linter = new Linter({ cwd: process.cwd() });
const config: Linter.Config = {
  files: ['**/*.ts'],
  languageOptions: { parser: tseslint.parser },
  plugins: { rooms: { rules: { direction: roomDirection as NonNullable<ESLint.Plugin['rules']>[string] } } },
  rules: { 'rooms/direction': 'error' },
};

const messagesOf = (path: string, code: string): string[] =>
  linter.verify(code, config, { filename: path }).map(({ message }) => message);

const refused: readonly [what: string, path: string, code: string, reason: RegExp][] = [
  [
    'a room above',
    'packages/player/src/engine/snippet.ts',
    "import { playback } from '../playback/playback.js';",
    /^engine may not import playback, which stands above it/,
  ],
  [
    'a type from a room above',
    'packages/server/src/key/snippet.ts',
    "import type { Config } from '../serve/config-schema.js';",
    /^key may not import serve, which stands above it/,
  ],
  [
    'a type of an import() from a room above',
    'packages/token/src/time/snippet.ts',
    "export type Manager = import('../manager/token-manager.js').TokenManager;",
    /^time may not import manager/,
  ],
  [
    'a dynamic import from a room above',
    'packages/webcaster/src/capture/snippet.ts',
    "export const load = () => import('../publisher/registry.js');",
    /^capture may not import publisher/,
  ],
  [
    'an export from a room above',
    'demo/shared/snippet.ts',
    "export * from '../player/player-page.js';",
    /^shared may not import player/,
  ],
  [
    'another engine',
    'packages/player/src/engine/native/snippet.ts',
    "import '../hls/hls-engine.js';",
    /^native may not import hls beside it/,
  ],
  [
    'another publisher',
    'packages/webcaster/src/publisher/nanostream/snippet.ts',
    "import '../whip/whip-session.js';",
    /^nanostream may not import whip beside it/,
  ],
  [
    'another issuer',
    'packages/server/src/issuer/jwt/snippet.ts',
    "import '../sts-security/sts-issuer.js';",
    /^jwt may not import sts-security beside it/,
  ],
  [
    'another page of the demo',
    'demo/lab/snippet.ts',
    "import '../studio/studio-page.js';",
    /^lab may not import studio beside it/,
  ],
  [
    'a folder that the table does not name',
    'packages/token/src/attic/snippet.ts',
    "import '../errors.js';",
    /^attic has no place among the rooms of packages\/token\/src/,
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
    "import '../nanocosmos/nanocosmos-call.js';",
  ],
  ['another package by its name', 'packages/player/src/media/snippet.ts', "import '@gatecast/element';"],
];

describe('the rule of rooms refuses', () => {
  for (const [what, path, code, reason] of refused) {
    it(`${what} in ${path}`, () => {
      const [message = '', ...more] = messagesOf(path, code);
      assert.match(message, reason);
      assert.deepEqual(more, []);
    });
  }
});

describe('the rule of rooms allows', () => {
  for (const [what, path, code] of allowed) {
    it(`${what} in ${path}`, () => assert.deepEqual(messagesOf(path, code), []));
  }
});

describe('the table of rooms', () => {
  const eslint = new ESLint({ overrideConfigFile: '.config/eslint.config.js' });

  for (const [base, rows] of Object.entries(rooms)) {
    it(`is in force in ${base}`, async () => {
      const { rules } = (await eslint.calculateConfigForFile(`${base}/snippet.ts`)) as Linter.Config;
      assert.deepEqual(rules?.['rooms/direction'], [2]);
    });

    it(`names no room that ${base} does not have`, () => {
      const present = new Set(readdirSync(base));
      assert.deepEqual(
        rows.flat().filter((room) => !present.has(room)),
        [],
      );
    });
  }
});
