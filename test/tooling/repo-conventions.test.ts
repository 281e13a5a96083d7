import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, it } from 'node:test';

const longestFileLines = 400;

/** Tracked files and new ones alike, so that a convention is met before the commit and not after it. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));

const sources = files.filter((path) => /\.(ts|js)$/.test(path));
const tests = sources.filter((path) => path.endsWith('.test.ts'));
const read = (path: string): string => readFileSync(path, 'utf8');

describe('every file of the repository', () => {
  it('has a kebab-case name', () => {
    const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
    assert.deepEqual(
      sources.filter((path) => !kebab.test(basename(path))),
      [],
    );
  });

  it('is named after what it is, not utils, helpers, types or common', () => {
    const vague = /^(utils?|helpers?|types|common|misc|shared|constants)\d*\.(ts|js)$/;
    assert.deepEqual(
      sources.filter((path) => vague.test(basename(path))),
      [],
    );
  });

  it(`has at most ${longestFileLines} lines`, () => {
    assert.deepEqual(
      sources.filter((path) => read(path).trimEnd().split('\n').length > longestFileLines),
      [],
    );
  });

  it('lies in one of the known top folders', () => {
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

  it('leaves nothing to do for later', () => {
    const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    assert.deepEqual(
      sources.filter((path) => marker.test(read(path))),
      [],
    );
  });

  it('switches neither the compiler nor the linter off', () => {
    const directive = new RegExp(`${'eslint-' + 'disable'}|@ts-(ignore|nocheck|expect-error)`);
    const about = new Set(['test/tooling/lint-rules.ci.test.ts', 'test/tooling/repo-conventions.test.ts']);
    assert.deepEqual(
      sources.filter((path) => !about.has(path) && directive.test(read(path))),
      [],
    );
  });
});

describe('every test file', () => {
  it('runs all of its tests', () => {
    const focus = /\b(describe|it|test|suite|context)\.(only|skip)\b|\b(xit|xdescribe|fit|fdescribe)\(/;
    assert.deepEqual(
      tests.filter((path) => focus.test(read(path))),
      [],
    );
  });

  it('skips through skipUnless, so that the expected skips are held', () => {
    assert.deepEqual(
      tests.filter((path) => path.endsWith('.browser.test.ts') && /\bthis\.skip\(/.test(read(path))),
      [],
    );
  });

  it('is in Node node:test, and in browsers mocha', () => {
    const isInNode = (path: string): boolean => !path.endsWith('.browser.test.ts');
    assert.deepEqual(
      tests.filter((path) => isInNode(path) !== read(path).includes("from 'node:test'")),
      [],
    );
  });

  it('lies in a folder named after what it tests', () => {
    const rooms = new Set([
      'contract',
      'token',
      'element',
      'player',
      'webcaster',
      'server',
      'demo',
      'tooling',
      'docs',
      'packages',
      'bench',
      'script-tag',
    ]);
    const room = (path: string): string => dirname(path).split('/')[1] ?? '';
    assert.deepEqual(
      tests.filter((path) => !rooms.has(room(path))),
      [],
    );
  });
});
