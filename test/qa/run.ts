import { writeFile } from 'node:fs/promises';
import type { CaseResult } from '../../demo/lab/cases/run-case.js';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { findEngine } from '../support/runner/find-engines.js';
import { installChromium } from '../support/runner/install-chromium.js';
import { formatResult, formatSummary, isPassed, tableHead } from './format-results.js';
import { type QaArguments, isLabAddress, parseQaArguments, usage } from './qa-arguments.js';
import { runCases } from './run-cases.js';

/** Results of several schemes name theirs. */
type SchemeResult = CaseResult & { readonly scheme?: string };

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

const { url: wanted, cases, schemes, json, isHelp } = readArguments();
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
  const results: SchemeResult[] = [];
  // A run without a scheme has the source of the page.
  for (const scheme of schemes.length > 0 ? schemes : [undefined]) {
    if (scheme !== undefined) console.log(`\n${scheme}`);
    const ofScheme = scheme === undefined ? {} : { scheme };
    const ran = await runCases({
      url,
      isLab: isLabAddress(url),
      cases,
      ...ofScheme,
      executable: found.executable,
      onResult: (result) => console.log(formatResult(result)),
    });
    results.push(...ran.map((result) => ({ ...ofScheme, ...result })));
  }
  console.log(`\n${formatSummary(results)}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ results }, null, 2)}\n`);
  process.exitCode = isPassed(results) ? 0 : 1;
} finally {
  await server?.close();
}
