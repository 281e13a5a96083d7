import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';

/** Snippets use paths of files that do not exist, so that no imported file is replaced by a snippet. */
const files = {
  token: 'packages/token/src/snippet.ts',
  clock: 'packages/token/src/time/clock.ts',
  adapters: 'packages/adapters/src/snippet.ts',
  element: 'packages/element/src/snippet.ts',
  player: 'packages/player/src/snippet.ts',
  webcaster: 'packages/webcaster/src/snippet.ts',
  server: 'packages/server/src/snippet.ts',
  test: 'test/snippet.ts',
} as const;

const eslint = new ESLint({
  overrideConfigFile: '.config/eslint.config.js',
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: null,
        projectService: {
          allowDefaultProject: ['packages/*/src/snippet.ts', 'test/snippet.ts'],
          defaultProject: 'tsconfig.json',
        },
        // If CI is set in the environment, the parser reads the disk instead of the snippet.
        disallowAutomaticSingleRunInference: true,
      },
    },
  },
});

type Place = keyof typeof files;

async function rulesBroken(place: Place, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: files[place] });
  assert.ok(result, `${files[place]} was not linted`);
  const fatal = result.messages.find((message) => message.fatal);
  assert.equal(fatal?.message, undefined);
  return result.messages.map((message) => message.ruleId ?? '');
}

const order = 'import-x/no-restricted-paths';
const declared = 'import-x/no-extraneous-dependencies';
const restricted = '@typescript-eslint/no-restricted-imports';
const builtin = 'import-x/no-nodejs-modules';

const refused: readonly [what: string, place: Place, rule: string, code: string][] = [
  ['any', 'token', '@typescript-eslint/no-explicit-any', 'export const value: any = 1;'],
  [
    'a cast through unknown',
    'player',
    'no-restricted-syntax',
    'export const f = (a: string) => a as unknown as number;',
  ],
  [
    'a floating promise',
    'player',
    '@typescript-eslint/no-floating-promises',
    'export function go(wait: () => Promise<void>): void { wait(); }',
  ],
  [
    'a promise as a listener',
    'player',
    '@typescript-eslint/no-misused-promises',
    'export const go = (list: number[]) => { list.forEach(async () => { await Promise.resolve(); }); };',
  ],
  [
    'a switch that forgets a member',
    'player',
    '@typescript-eslint/switch-exhaustiveness-check',
    "export function f(state: 'on' | 'off'): void { switch (state) { case 'on': break; } }",
  ],
  [
    'a type imported as a value',
    'player',
    '@typescript-eslint/consistent-type-imports',
    "import { Token } from '@gatecast/token';\nexport const f = (token: Token) => token;",
  ],
  ['a default export', 'player', 'no-restricted-syntax', 'export default class Thing {}'],
  ['setTimeout', 'player', 'no-restricted-globals', 'setTimeout(() => undefined, 1);'],
  [
    'setInterval of the window',
    'webcaster',
    'no-restricted-properties',
    'window.setInterval(() => undefined, 1);',
  ],
  ['requestIdleCallback', 'player', 'no-restricted-globals', 'requestIdleCallback(() => undefined);'],
  ['setTimeout in the server', 'server', 'no-restricted-globals', 'setTimeout(() => undefined, 1);'],
  ['a bare window property', 'player', 'no-restricted-globals', 'export const f = () => status;'],
  ['a bare window property in tests', 'test', 'no-restricted-globals', 'export const f = () => name;'],
  [
    'searchParams.set',
    'token',
    'no-restricted-syntax',
    "export const f = (url: URL) => { url.searchParams.set('token', 'x'); };",
  ],
  [
    'append on the searchParams of a URL',
    'player',
    'no-restricted-syntax',
    "export const f = ({ searchParams }: URL) => { searchParams.append('token', 'x'); };",
  ],
  ['console', 'player', 'no-console', "console.log('here');"],
  ['console in the server', 'server', 'no-console', "console.log('here');"],
  [
    'innerHTML',
    'player',
    'no-restricted-syntax',
    "export const f = (node: HTMLElement) => { node.innerHTML = ''; };",
  ],
  [
    'unsafeHTML',
    'player',
    'no-restricted-syntax',
    "export { unsafeHTML } from 'lit/directives/unsafe-html.js';\nimport 'lit/directives/unsafe-html.js';",
  ],
  ['a DOM global in the server', 'server', 'no-restricted-globals', 'export const f = () => document.title;'],
  ['lit in token', 'token', restricted, "import { html } from 'lit';\nexport { html };"],
  ['node: in token', 'token', builtin, "import { join } from 'node:path';\nexport { join };"],
  ['player in webcaster', 'webcaster', order, "import '@gatecast/player';"],
  ['webcaster in player', 'player', order, "export const f = () => import('@gatecast/webcaster');"],
  ['player in element', 'element', order, "export * from '@gatecast/player';"],
  [
    'an element in the server',
    'server',
    order,
    "import type { SecurePlayer } from '@gatecast/player';\nexport type P = SecurePlayer;",
  ],
  [
    "another package's source by path",
    'player',
    'import-x/no-relative-packages',
    "import '../../token/src/index.js';",
  ],
  ["another package's inside", 'player', restricted, "import '@gatecast/token/src/errors.js';"],
  ['an undeclared dependency', 'webcaster', declared, "import 'hls.js';"],
  [
    'the code of hls.js at once',
    'player',
    restricted,
    "import Hls from 'hls.js';\nexport const f = () => Hls.version;",
  ],
  [
    'the code of a player in an adapter',
    'adapters',
    restricted,
    "export const load = () => import('hls.js');\nimport videojs from 'video.js';\nexport { videojs };",
  ],
  [
    'the code of the skin at once',
    'player',
    restricted,
    "export { createSkin } from './overlay/skin/player-skin.js';",
  ],
  [
    'a package that only the server declares',
    'element',
    declared,
    "import type { JWTPayload } from 'jose';\nexport type P = JWTPayload;",
  ],
  [
    'a type by import()',
    'player',
    '@typescript-eslint/consistent-type-imports',
    "export type T = import('@gatecast/token').TokenSource;",
  ],
  [
    'a directive that silences a rule',
    'player',
    'no-console',
    "// eslint-disable-next-line no-console\nconsole.log('here');",
  ],
  [
    'an attribute bound twice in a template',
    'player',
    'lit/no-duplicate-template-bindings',
    "import { html } from 'lit';\nexport const f = (a: string, b: string) => html`<p class=${a} class=${b}></p>`;",
  ],
];

const allowed: readonly [what: string, place: Place, rule: string, code: string][] = [
  ['setTimeout in the clock', 'clock', 'no-restricted-globals', 'setTimeout(() => undefined, 1);'],
  [
    'set on a Map',
    'player',
    'no-restricted-syntax',
    "export const f = (map: Map<string, string>) => { map.set('a', 'b'); };",
  ],
  [
    'the contract in token',
    'token',
    restricted,
    "import { jwtClaims } from '@gatecast/contract';\nexport { jwtClaims };",
  ],
  ['token and element in player', 'player', order, "import '@gatecast/token';\nimport '@gatecast/element';"],
  ['the types of hls.js', 'player', restricted, "import type Hls from 'hls.js';\nexport type Engine = Hls;"],
  ['hls.js when it is needed', 'player', restricted, "export const f = () => import('hls.js/light');"],
  ['a declared dependency', 'player', declared, "export const f = () => import('hls.js/light');"],
  ['node: in the server', 'server', builtin, "import { join } from 'node:path';\nexport { join };"],
  [
    'a promise on purpose',
    'player',
    '@typescript-eslint/no-floating-promises',
    'export function go(wait: () => Promise<void>): void { void wait(); }',
  ],
];

describe('the linter refuses', () => {
  for (const [what, place, rule, code] of refused) {
    it(`${what} in ${files[place]}`, async () => {
      assert.ok((await rulesBroken(place, code)).includes(rule), `${rule} did not report`);
    });
  }
});

describe('the linter allows', () => {
  for (const [what, place, rule, code] of allowed) {
    it(`${what} in ${files[place]}`, async () => {
      const broken = await rulesBroken(place, code);
      assert.ok(!broken.includes(rule), `${rule} reported`);
    });
  }
});

describe('every ban of the configuration', () => {
  it('gives its reason in the message', async () => {
    const [result] = await eslint.lintText('setTimeout(() => undefined, 1);\n', { filePath: files.player });
    const message = result?.messages.find(({ ruleId }) => ruleId === 'no-restricted-globals')?.message ?? '';
    assert.match(message, /overflows after 24\.8 days/);
  });
});
