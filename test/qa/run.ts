import { writeFile } from 'node:fs/promises';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { findEngine } from '../support/runner/find-engines.js';
import { installChromium } from '../support/runner/install-chromium.js';
import { formatResult, formatSummary, isPassed, tableHead } from './format-results.js';
import { type QaArguments, parseQaArguments, usage } from './qa-arguments.js';
import { runCases } from './run-cases.js';

function readArguments(): QaArguments {
  try {
    return parseQaArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

async function startOwnServer(): Promise<DemoServer> {
  const server = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
  await server.buildScriptTag();
  return server;
}

/** Recognises the lab by its path, because the demo's other pages contain the tags too. */
function isLabAddress(url: string): boolean {
  return new URL(url).pathname.endsWith('/lab/');
}

const { url: wanted, cases, json, isHelp } = readArguments();
if (isHelp) {
  console.log(usage);
  process.exit(0);
}
const found = findEngine('chromium') ?? installChromium();
if (!found) {
  console.error('No Chromium was found; GATECAST_CHROMIUM may name one.');
  process.exit(1);
}
const server = wanted === undefined ? await startOwnServer() : undefined;
try {
  const url = wanted ?? `${server?.origin ?? ''}/lab/`;
  console.log(
    `${cases.length} ${cases.length === 1 ? 'case' : 'cases'} on ${new URL(url).origin}${new URL(url).pathname}\n\n${tableHead}`,
  );
  const results = await runCases({
    url,
    isLab: isLabAddress(url),
    cases,
    executable: found.executable,
    onResult: (result) => console.log(formatResult(result)),
  });
  console.log(`\n${formatSummary(results)}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ results }, null, 2)}\n`);
  process.exitCode = isPassed(results) ? 0 : 1;
} finally {
  await server?.close();
}
