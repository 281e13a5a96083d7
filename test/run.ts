import { parseRunArguments, usage } from './support/runner/arguments.js';
import type { RunArguments } from './support/runner/arguments.js';
import { runBrowserTests } from './support/runner/browser-tests.js';
import { engineLabels, engines } from './support/runner/engine.js';
import type { Engine } from './support/runner/engine.js';
import { findEngine } from './support/runner/find-engines.js';
import { installChromium } from './support/runner/install-chromium.js';
import { runNodeTests } from './support/runner/node-tests.js';
import { runStaticChecks } from './support/runner/static-checks.js';
import { addTallies, emptyTally, failedOnce, isSuccess, summaryLine } from './support/runner/tally.js';
import type { Tally } from './support/runner/tally.js';
import { findTestFiles } from './support/runner/test-files.js';

function readArguments(): RunArguments {
  try {
    return parseRunArguments(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error(`\n${usage}`);
    process.exit(2);
  }
}

/** The engines that can run here; asked for by name and missing is a failure, not found otherwise is said. */
function chooseEngines(asked: readonly Engine[] | undefined): { use: Engine[]; missing: Tally[] } {
  const wanted = asked ?? engines;
  const isThere = (engine: Engine): boolean =>
    (findEngine(engine) ?? (engine === 'chromium' ? installChromium() : undefined)) !== undefined;
  const use = wanted.filter(isThere);
  const absent = wanted.filter((engine) => !use.includes(engine));
  const names = (list: readonly Engine[]): string => list.map((engine) => engineLabels[engine]).join(', ');
  if (use.length > 0) console.log(`Browser tests run on ${names(use)}.`);
  if (absent.length > 0) console.log(`Not found on this machine: ${names(absent)}.`);
  const required = asked ?? ['chromium'];
  const missing = absent
    .filter((engine) => required.includes(engine))
    .map((engine) =>
      failedOnce(
        `${engineLabels[engine]} is missing: install it (on Debian as root: .ci/run installs all three engines)${
          engine === 'chromium' ? ', or name one by GATECAST_CHROMIUM=/path/to/chrome' : ''
        }`,
      ),
    );
  return { use, missing };
}

const { engines: asked, steps, filters } = readArguments();
const files = findTestFiles(filters);
const tallies: Tally[] = [];

// Side by side: node tests wait for the clock most of the time. Browser tests measure stand-stills, and run alone.
const [staticTally, nodeTally] = await Promise.all([
  steps.includes('lint') ? runStaticChecks() : emptyTally,
  steps.includes('node') ? runNodeTests(files.node) : emptyTally,
]);
tallies.push(staticTally, nodeTally);
if (steps.includes('browser') && files.browser.length > 0) {
  const { use, missing } = chooseEngines(asked);
  tallies.push(...missing);
  for (const engine of use) tallies.push(await runBrowserTests(engine, files.browser));
}

const total = addTallies(tallies);
if (total.failures.length > 0)
  console.log(`\nFailed:\n${total.failures.map((name) => `  ✗ ${name}`).join('\n')}`);
if (total.passed + total.failed === 0) console.log('\nNothing ran: no test file matches.');
console.log(`\n${summaryLine(total)}`);
process.exitCode = isSuccess(total) ? 0 : 1;
