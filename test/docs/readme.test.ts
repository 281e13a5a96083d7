import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type Figures, figuresTable, putTable, takeFigures } from '../bench/report/figures.js';
import type { MainThreadTimes } from '../bench/startup/main-thread.js';

const inRepository = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(inRepository(path), 'utf8');

const readme = read('README.md');
const contributing = read('.github/CONTRIBUTING.md');
/** Removes the padding of columns, which prettier sets. */
const squeeze = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

describe('README', () => {
  it('links only to existing files', () => {
    const paths = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
    assert.ok(paths.length > 10);
    assert.deepEqual(
      paths.filter((path) => !existsSync(inRepository(path))),
      [],
    );
  });

  it('shows a picture of at most 150 kB', () => {
    assert.ok(readFileSync(inRepository('demo/docs/public/player.png')).length <= 150_000);
  });

  it('names exactly the published packages', () => {
    const named = [...readme.matchAll(/^\| `@gatecast\/([a-z-]+)`/gm)].map(([, name]) => name);
    assert.deepEqual(
      named.filter((name) => !existsSync(inRepository(`packages/${name ?? ''}/package.json`))),
      [],
    );
  });

  it('shows the figures of the last measurement', () => {
    const figures = JSON.parse(read('demo/docs/figures.json')) as Figures;
    assert.equal(squeeze(putTable(readme, figures)), squeeze(readme));
  });
});

describe('README and CONTRIBUTING', () => {
  it('name only existing scripts', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...`${readme}${contributing}`.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)].map(
      ([, name = '']) => name,
    );
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });

  it('name only existing files and folders', () => {
    const named = [
      ...`${readme}${contributing}`.matchAll(/`((?:packages|demo|test|\.ci|\.github)\/[^`\s*<]+)`/g),
    ].map(([, path = '']) => path);
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter((path) => !existsSync(inRepository(path))),
      [],
    );
  });
});

const idle = { compile: 0, evaluate: 0, callbacks: 0, HTML: 0, layout: 0, GC: 0 };
const busyFor = (total: number): MainThreadTimes => ({ ...idle, other: total, total });

describe('figuresTable', () => {
  it('sorts by the longest round trip, with return visits at the end and a dash for what was not measured', () => {
    const row = (page: string, firstFrameMs: number) => ({ page, firstFrameMs });
    const table = figuresTable({
      measuredOn: '2026-01-02',
      machine: 'a machine',
      startup: {
        roundTrips: [
          { roundTripMs: 100, rows: [row('b, return visit', 700), row('a', 800), row('c', 900)] },
          { roundTripMs: 0, rows: [row('c', 300), row('a', 400), row('b, return visit', 500)] },
        ],
        mainThread: [{ page: 'a', busyMs: 90 }],
      },
      refresh: {
        seconds: 40,
        tokenTtlSeconds: 6,
        roundTripMs: 40,
        rows: [
          { page: 'c', reloads: 1, stalls: 2, stallMs: 3, refused: 4, run: 'first' },
          { page: 'd', reloads: 0, stalls: 0, stallMs: 0, refused: 0, run: 'second' },
        ],
      },
    });
    assert.deepEqual(table.split('\n'), [
      '| page | round trip 0 ms | round trip 100 ms | main thread | reloads in 40 s | stalled | 401 and 403 |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| a | 400 | 800 | 90 | – | – | – |',
      '| c | 300 | 900 | – | 1 | 3 ms | 4 |',
      '| d | – | – | – | 0 | 0 ms | 0 |',
      '| b, return visit | 500 | 700 | – | – | – | – |',
    ]);
  });
});

describe('takeFigures', () => {
  it('sorts pages by time to first frame, adds up refusals, and keeps what was not measured again', () => {
    const machine = { cpus: 2, model: 'A processor', node: 'v20.20.2' };
    const at = '2026-01-02T03:04:05.678Z';
    const contenders = [
      { contender: 'mux-player', fromNavigationMs: 900 },
      { contender: 'gatecast', fromNavigationMs: 600 },
    ] as const;
    const mainThread = contenders.map(({ contender }, index) => ({
      contender,
      times: busyFor(90.4 - index),
    }));
    const cost = { reloads: 1, stalls: 2, stallMs: 300, refused401: 4, refused403: 5 };
    const refresh = { seconds: 15, tokenTtlSeconds: 6, roundTripMs: 40, rounds: 3 };
    const other = { page: 'mux-player', reloads: 9, stalls: 8, stallMs: 7, refused: 6, run: 'earlier' };
    const earlier: Figures = {
      measuredOn: '2025-01-01',
      machine: 'another machine',
      startup: { roundTrips: [], mainThread: [] },
      refresh: { ...refresh, rows: [{ ...other, page: 'gatecast' }, other] },
    };
    const figures = takeFigures(
      { at, machine, figures: { roundTrips: [{ roundTripMs: 40, contenders }], mainThread } },
      { at, machine, figures: { ...refresh, pages: [{ page: 'gatecast', ...cost }] } },
      earlier,
    );
    assert.equal(figures.measuredOn, '2026-01-02');
    assert.equal(figures.machine, '2 cores, A processor, Node 20.20.2');
    assert.deepEqual(figures.startup.roundTrips[0]?.rows, [
      { page: 'gatecast', firstFrameMs: 600 },
      { page: 'mux-player', firstFrameMs: 900 },
    ]);
    assert.deepEqual(figures.startup.mainThread, [
      { page: 'gatecast', busyMs: 89 },
      { page: 'mux-player', busyMs: 90 },
    ]);
    assert.deepEqual(figures.refresh.rows, [
      {
        page: 'gatecast',
        reloads: 1,
        stalls: 2,
        stallMs: 300,
        refused: 9,
        run: '2026-01-02 03:04 UTC, the middle of 3 rounds',
      },
      other,
    ]);
    assert.deepEqual(takeFigures(undefined, undefined, earlier), earlier);
  });
});
