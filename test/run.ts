import { parseRunArguments, usage } from './support/runner/arguments.js';
import type { RunArguments } from './support/runner/arguments.js';
import { runBrowserTests } from './support/runner/browser-tests.js';
import { chooseFilesOn, type FilesOn } from './support/runner/engine-files.js';
import { engineLabels } from './support/runner/engine.js';
import type { Engine } from './support/runner/engine.js';
import { findEngine } from './support/runner/find-engines.js';
import { installChromium } from './support/runner/install-chromium.js';
import { runNodeTests } from './support/runner/node-tests.js';
import { planNodeTests } from './support/runner/plan-node-tests.js';
import { runFailedFilesAgain } from './support/runner/run-again.js';
import type { Batch } from './support/runner/run-again.js';
import { slowestFiles } from './support/runner/slowest-files.js';
import { runStaticChecks } from './support/runner/static-checks.js';
import { addTallies, emptyTally, failedOnce, isSuccess, summary } from './support/runner/tally.js';
import type { Tally } from './support/runner/tally.js';
import { findTestFiles } from './support/runner/test-files.js';
import type { TestFiles } from './support/runner/test-files.js';

function readArguments(): RunArguments | 'help' {
  try {
    return parseRunArguments(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error(`\n${usage}`);
    process.exit(2);
  }
}

/** Finds the engines, or installs Chromium; one that is missing is a failure. */
function chooseEngines(wanted: readonly Engine[]): { use: Engine[]; missing: Tally } {
  const isThere = (engine: Engine): boolean =>
    (findEngine(engine) ?? (engine === 'chromium' ? installChromium() : undefined)) !== undefined;
  const use = wanted.filter(isThere);
  const missing = wanted
    .filter((engine) => !use.includes(engine))
    .map((engine) =>
      failedOnce(
        `${engineLabels[engine]} is missing: install it (on Debian as root: .ci/run installs all three engines)${
          engine === 'chromium' ? ', or set GATECAST_CHROMIUM=/path/to/chrome' : ''
        }`,
      ),
    );
  return { use, missing: addTallies(missing) };
}

/** What was to run when a signal ended the run, as one failure. */
function countUnfinished(
  files: TestFiles,
  engines: readonly Engine[],
  filesOn: FilesOn,
  batches: readonly Batch[],
): Tally {
  const planned = [
    ...files.node.map((file) => ({ file, label: undefined as string | undefined })),
    ...engines.flatMap((engine) => filesOn(engine).map((file) => ({ file, label: engineLabels[engine] }))),
  ];
  const open = planned.filter(
    ({ file, label }) =>
      !batches.some((batch) => batch.label === label && batch.files.some((results) => results.file === file)),
  );
  if (open.length === 0) return emptyTally;
  const named = open.map(({ file, label }) => (label === undefined ? file : `[${label}] ${file}`));
  const shown = named.slice(0, 5).join(', ');
  const more = named.length > 5 ? ` and ${named.length - 5} more` : '';
  return failedOnce(`the run was ended before these ran: ${shown}${more}`);
}

async function run({ engines, steps, filters, withCiFiles }: RunArguments): Promise<Tally> {
  const stop = new AbortController();
  const { signal } = stop;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      stop.abort(`the run was ended by ${name}`);
    });

  const found = findTestFiles({ filters, withCiFiles });
  const files: TestFiles = {
    node: steps.includes('node') ? found.node : [],
    browser: steps.includes('browser') ? found.browser : [],
  };
  const { first, besideBrowsers } = planNodeTests(files);
  const filesOn = chooseFilesOn(engines, files.browser, { isWhole: filters.length === 0 });
  const batches = [await runNodeTests(first, { signal })];
  const runBrowsers = async (): Promise<Tally> => {
    if (files.browser.length === 0 || signal.aborted) return emptyTally;
    const { use, missing } = chooseEngines(engines);
    batches.push(...(await runBrowserTests(use, filesOn, signal)));
    return missing;
  };
  const runPatient = async (): Promise<Tally> => {
    const checked = steps.includes('lint') ? await runStaticChecks(signal) : emptyTally;
    if (!signal.aborted) batches.push(await runNodeTests(besideBrowsers, { isPatient: true, signal }));
    return checked;
  };
  // Side by side: browser tests wait for media that plays in real time and leave most of both cores free.
  const tallies = await Promise.all([runPatient(), runBrowsers()]);
  if (filters.length === 0 && withCiFiles)
    console.log(['', 'Slowest files:', ...slowestFiles(batches)].join('\n'));
  if (signal.aborted) tallies.push(countUnfinished(files, engines, filesOn, batches));
  return addTallies([...tallies, await runFailedFilesAgain(batches, { signal })]);
}

const runArguments = readArguments();
if (runArguments === 'help') {
  console.log(usage);
} else {
  const total = await run(runArguments);
  if (total.passed + total.failed === 0) console.log('\nNothing ran: no test file matches.');
  console.log(`\n${summary(total)}`);
  process.exit(isSuccess(total) ? 0 : 1);
}
