import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benches, isBenchName, type BenchName } from './benches/registry.js';
import type { BenchOptions } from './report/bench-report.js';
import { formatMarkdown } from './report/format-markdown.js';
import { formatReport } from './report/format-report.js';

const outputFolder = '.build/bench';
const names = Object.keys(benches).filter(isBenchName);
const usage = `npm run bench [-- ${names.join(' | ')} …] [--quick]
  startup: [--rounds 7] [--round-trip 0 --round-trip 40 --round-trip 100] [--http1]
  refresh: [--rounds 1] [--page mux-player --page "mux-player with a hook"]
  schemes: [--by-hand]
  frameworks: [--page React --page Next.js]`;

type Settings = Omit<BenchOptions, 'folder' | 'tell'>;

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0;

function readArguments(): { chosen: readonly BenchName[]; settings: Settings } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        http1: { type: 'boolean', default: false },
        'by-hand': { type: 'boolean', default: false },
        rounds: { type: 'string' },
        page: { type: 'string', multiple: true },
        'round-trip': { type: 'string', multiple: true },
      },
    });
    const unknown = positionals.find((name) => !isBenchName(name));
    if (unknown !== undefined) throw new TypeError(`There is no bench '${unknown}'.`);
    const chosen = positionals.filter(isBenchName);
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    const roundTripsMs = values['round-trip']?.map(Number);
    if (![rounds ?? 1, ...(roundTripsMs ?? [])].every(isCount) || rounds === 0)
      throw new TypeError('--rounds and --round-trip take whole numbers.');
    return {
      chosen: chosen.length > 0 ? chosen : names,
      settings: {
        isQuick: values.quick,
        isHttp1: values.http1,
        isByHand: values['by-hand'],
        ...(rounds !== undefined && { rounds }),
        ...(roundTripsMs && { roundTripsMs }),
        ...(values.page && { pages: values.page }),
      },
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

const { chosen, settings } = readArguments();
mkdirSync(outputFolder, { recursive: true });
for (const name of chosen) {
  const startedMs = Date.now();
  const loadBefore = loadavg()[0] ?? 0;
  const measure = await benches[name]();
  const report = await measure({
    ...settings,
    folder: outputFolder,
    tell: (line) => console.log(`${name}: ${line} …`),
  });
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', loadBefore, node: process.version };
  const { aims, figures } = report;
  const file = join(outputFolder, `${name}.json`);
  const markdownFile = join(outputFolder, `${name}.md`);
  const record = { bench: name, at: new Date(startedMs).toISOString(), ...settings, machine, aims, figures };
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(markdownFile, formatMarkdown(report));
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  console.log(`\n${formatReport(report)}\n\n${file}, ${markdownFile}, ${seconds} s\n`);
}
