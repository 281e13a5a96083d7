import { readdirSync } from 'node:fs';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { packages, rivals, rooms } from './rooms.js';

// Settings of eslint-plugin-import-x and typescript-eslint; rooms.js has the order of packages and rooms.

const sources = (name) => [`packages/${name}/src/**/*.ts`];

/** Pairs of folders or files of which the first may not import the second: those beside it and above it. */
const zonesOf = ([base, rows]) =>
  rows.flatMap((row, level) =>
    [row].flat().flatMap((room) =>
      rows
        .slice(0, level + 1)
        .flat()
        .filter((other) => other !== room)
        .map((other) => ({
          target: `${base}/${room}`,
          from: `${base}/${other}`,
          message: `${room} may not import ${other}, which is not below it: move what both need into a room below, or pass it in (.config/eslint/rooms.js).`,
        })),
    ),
  );

/** A room of engines, publishers or issuers: its folders stand side by side, apart from the shared ones. */
const rivalRows = ([room, shared]) => {
  const isRival = (entry) => entry.isDirectory() && !shared.includes(entry.name);
  const folders = readdirSync(room, { withFileTypes: true }).filter(isRival);
  return [room, [folders.map(({ name }) => name)]];
};

const orders = [['packages', packages], ...Object.entries(rooms), ...Object.entries(rivals).map(rivalRows)];

const inside = {
  regex: '^@gatecast/[a-z-]+/(src|dist|internal)/',
  message: "This is another package's inside: import its public entry.",
};

/** The script that @gatecast/qa runs in a page is bundled, so what it imports is not installed with the package. */
const bundledForPages = ['packages/qa/src/probe.ts', 'packages/qa/src/{cases,record,faults}/**'];

const heavy = (regex) => ({
  regex,
  allowTypeImports: true,
  message:
    'Its code is heavy and may not load before a page plays: use `import type`, or a dynamic import().',
});

const only = (names) => ({
  regex: `^(?!\\.|(${names})(/|$))`,
  message: `This package is loaded before anything plays and imports nothing but ${names.replace('|', ' and ')}.`,
});

const restricted = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [inside, ...patterns] }] },
});

/** Imports go one way, between packages and between rooms; they use public names and declared dependencies. */
export const importConfigs = [
  {
    name: 'gatecast/imports',
    files: [...sources('*'), 'demo/**/*.ts'],
    ignores: ['**/.vitepress/**'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          conditionNames: ['gatecast-source', 'types', 'import', 'default'],
          extensionAlias: { '.js': ['.ts', '.js'] },
        }),
      ],
    },
    rules: { 'import-x/no-restricted-paths': ['error', { zones: orders.flatMap(zonesOf) }] },
  },
  {
    files: sources('*'),
    ignores: [...sources('script-tag'), ...bundledForPages],
    rules: {
      'import-x/no-extraneous-dependencies': [
        'error',
        { devDependencies: false, includeTypes: true, includeInternal: true },
      ],
      'import-x/no-relative-packages': 'error',
    },
  },
  {
    files: sources('*'),
    ignores: [...sources('server'), 'packages/qa/src/{cli,index}.ts', 'packages/qa/src/{command,driver}/**'],
    rules: { 'import-x/no-nodejs-modules': 'error' },
  },
  restricted(sources('*'), []),
  restricted(sources('contract'), [only('files of its own')]),
  restricted(sources('token'), [only('@gatecast/contract')]),
  restricted(sources('webcaster'), [heavy('^media-chrome(/|$)')]),
  // A page has its player already: an adapter contains none of its code, also not on demand.
  restricted(sources('adapters'), [
    {
      regex: '^(hls\\.js|shaka-player|video\\.js|dashjs)(/|$)',
      allowTypeImports: true,
      message: 'The page brings its own player: use `import type`.',
    },
  ]),
  // What the skin imports arrives with it.
  restricted(
    sources('player'),
    [heavy('^(hls\\.js|media-chrome)(/|$)'), heavy('/skin/')],
    ['packages/player/src/overlay/skin/**'],
  ),
];
