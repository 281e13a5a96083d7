import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, it } from 'node:test';

const longestFileLines = 400;
const longestSourceLines = 300;

/** Sources that are longer than that; {@link longestFileLines} counts for them. No other file may join them. */
const longerSources: readonly string[] = [
  'packages/player/src/secure-player.ts',
  'packages/player/src/playback/playback.ts',
  'packages/token/src/manager/tab-group.ts',
  'packages/token/src/manager/token-requests.ts',
];

/** Tracked and new files, so that a violation is found before the commit. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));

const sources = files.filter((path) => /\.(ts|js)$/.test(path));
const tests = sources.filter((path) => path.endsWith('.test.ts'));
const read = (path: string): string => readFileSync(path, 'utf8');
const linesOf = (path: string): number => read(path).trimEnd().split('\n').length;

describe('every file of the repository', () => {
  it('has a kebab-case name', () => {
    const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
    assert.deepEqual(
      sources.filter((path) => !kebab.test(basename(path))),
      [],
    );
  });

  it('has a specific name, not utils, helpers, types or common', () => {
    const vague = /^(utils?|helpers?|types|common|misc|shared|constants)\d*\.(ts|js)$/;
    assert.deepEqual(
      sources.filter((path) => vague.test(basename(path))),
      [],
    );
  });

  it(`has at most ${longestFileLines} lines`, () => {
    assert.deepEqual(
      sources.filter((path) => linesOf(path) > longestFileLines),
      [],
    );
  });

  it(`has at most ${longestSourceLines} lines as a source of a package or the demo`, () => {
    const isSource = /^(?:packages\/[^/]+\/src|demo)\/.*\.ts$/;
    assert.deepEqual(
      sources.filter((path) => isSource.test(path) && linesOf(path) > longestSourceLines),
      sources.filter((path) => longerSources.includes(path)),
    );
  });

  it('is in one of the known top-level folders', () => {
    const known = new Set([
      'packages',
      'demo',
      'examples',
      'test',
      'vite.config.ts',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'README.md',
      'LICENSE',
    ]);
    const unknown = files
      .map((path) => path.split('/')[0] ?? '')
      .filter((top) => !top.startsWith('.') && !known.has(top));
    assert.deepEqual([...new Set(unknown)], []);
  });

  it('has no marker for unfinished work', () => {
    const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    assert.deepEqual(
      sources.filter((path) => marker.test(read(path))),
      [],
    );
  });

  it('disables neither the compiler nor the linter', () => {
    const directive = new RegExp(`${'eslint-' + 'disable'}|@ts-(ignore|nocheck|expect-error)`);
    const about = new Set(['test/tooling/lint-rules.ci.test.ts', 'test/tooling/repo-conventions.test.ts']);
    assert.deepEqual(
      sources.filter((path) => !about.has(path) && directive.test(read(path))),
      [],
    );
  });
});

describe('every test file', () => {
  it('does not use only or skip', () => {
    const focus = /\b(describe|it|test|suite|context)\.(only|skip)\b|\b(xit|xdescribe|fit|fdescribe)\(/;
    assert.deepEqual(
      tests.filter((path) => focus.test(read(path))),
      [],
    );
  });

  it('skips only through skipUnless, which checks the expected skips', () => {
    assert.deepEqual(
      tests.filter((path) => path.endsWith('.browser.test.ts') && /\bthis\.skip\(/.test(read(path))),
      [],
    );
  });

  it('uses node:test in Node and mocha in browsers', () => {
    const isInNode = (path: string): boolean => !path.endsWith('.browser.test.ts');
    assert.deepEqual(
      tests.filter((path) => isInNode(path) !== read(path).includes("from 'node:test'")),
      [],
    );
  });

  it('is in a folder named after what it tests', () => {
    const rooms = new Set([
      'adapters',
      'contract',
      'token',
      'element',
      'player',
      'webcaster',
      'webrtc',
      'server',
      'demo',
      'tooling',
      'docs',
      'packages',
      'qa',
      'bench',
      'faults',
      'script-tag',
      'vendor',
    ]);
    const room = (path: string): string => dirname(path).split('/')[1] ?? '';
    assert.deepEqual(
      tests.filter((path) => !rooms.has(room(path))),
      [],
    );
  });
});
