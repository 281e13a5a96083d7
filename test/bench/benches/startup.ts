import { startBenchSite, type BenchSite } from '../bench-site.js';
import { broadband } from '../network/shaped-network.js';
import { buildPageBundles } from '../page-bundles.js';
import type { Bench } from '../report/bench-report.js';
import { type Contender, type ContenderName, contenders } from '../startup/contenders.js';
import type { MainThreadTimes } from '../startup/main-thread.js';
import { mainThreadAims, timeAims } from '../startup/start-aims.js';
import { type StartFigures, summarizeRuns } from '../startup/start-figures.js';
import { chainTable, mainThreadTable, timesTable, type MainThreadFigures } from '../startup/start-tables.js';
import { traceVisit } from '../startup/trace-visit.js';
import { visitContender } from '../startup/visit-contender.js';

const usualRoundTripsMs = [0, 40, 100];
/** The one in the middle is shown. */
const tracedRounds = 3;

/** On a return visit, a first visit has filled the browser's cache of compiled code. */
const firstVisits = contenders.filter((contender: Contender) => contender.isReturn !== true);

interface Trip {
  readonly roundTripMs: number;
  readonly contenders: readonly StartFigures[];
}

/** Time to first frame, compared with players that a page would use without Gatecast, and what it was spent on. */
export const measureStartup: Bench = async (options) => {
  const {
    isQuick,
    rounds = isQuick ? 3 : 7,
    roundTripsMs = usualRoundTripsMs,
    isHttp1 = false,
    tell,
  } = options;
  const setUpFor = isHttp1 ? 'connection' : 'origin';
  tell('building the pages of all contenders');
  const bundles = await buildPageBundles();
  const trips: Trip[] = [];
  let mainThread: MainThreadFigures[] = [];
  for (const [index, roundTripMs] of roundTripsMs.entries()) {
    const site = await startBenchSite({ bundles, roundTripMs, tokenTtlSeconds: 30, setUpFor });
    const at = `round trip ${roundTripMs} ms`;
    try {
      const runs = await runRounds(
        contenders,
        rounds,
        (contender) => visitContender(site, contender),
        (round) => tell(`${at}, round ${round} of ${rounds}`),
      );
      trips.push({ roundTripMs, contenders: contenders.map((contender) => summarizeRuns(contender, runs)) });
      if (index < roundTripsMs.length - 1) continue;
      const traced = isQuick ? 1 : tracedRounds;
      const traces = await runRounds(
        firstVisits,
        traced,
        (contender) => traceOnce(site, contender),
        (round) => tell(`${at}, traced round ${round} of ${traced}`),
      );
      mainThread = firstVisits.map((contender) => middleTrace(contender, traces.flat()));
    } finally {
      await site.close();
    }
  }
  const last = trips.at(-1);
  return {
    tables: [
      ...trips.map((trip) => timesTable(trip.roundTripMs, trip.contenders, rounds)),
      ...(last ? [chainTable(last.roundTripMs, last.contenders)] : []),
      ...(last ? [mainThreadTable(last.roundTripMs, mainThread)] : []),
    ],
    aims: [
      ...trips.flatMap((trip) => timeAims(trip.roundTripMs, trip.contenders)),
      ...mainThreadAims(mainThread),
    ],
    figures: { rounds, network: { ...broadband, setUpFor }, roundTrips: trips, mainThread },
  };
};

/** Runs each contender once per round. The order rotates, so that drift of the machine affects all equally. */
async function runRounds<Run>(
  all: readonly Contender[],
  rounds: number,
  run: (contender: Contender) => Promise<Run>,
  tellRound: (round: number) => void,
): Promise<Run[][]> {
  const results: Run[][] = [];
  for (let index = 0; index < rounds; index += 1) {
    tellRound(index + 1);
    const shift = index % all.length;
    const order = [...all.slice(shift), ...all.slice(0, shift)];
    const runs: Run[] = [];
    for (const contender of order) runs.push(await run(contender));
    results.push(runs);
  }
  return results;
}

/** Recording slows a page down, so these visits are not the timed ones. */
async function traceOnce(site: BenchSite, contender: Contender): Promise<MainThreadFigures> {
  return { contender: contender.name, times: await traceVisit(await site.addPage(contender.page)) };
}

function middleTrace({ name }: Contender, traces: readonly MainThreadFigures[]): MainThreadFigures {
  const own = traces
    .filter((trace) => trace.contender === name)
    .sort((a, b) => a.times.total - b.times.total);
  const { times } = own[Math.floor((own.length - 1) / 2)] ?? {};
  return { contender: name, times: times ?? noTrace(name) };
}

function noTrace(contender: ContenderName): MainThreadTimes {
  throw new Error(`The page '${contender}' was not traced.`);
}
