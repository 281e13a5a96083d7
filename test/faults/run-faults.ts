import type { PageBrowser } from './browser/page-browser.js';
import type { CaseOutcome } from './report/case-outcome.js';
import { type CaseProblem, FaultSite } from './site.js';

export interface RunFaultsOptions {
  readonly browser: PageBrowser;
  readonly names: readonly string[];
  /** Cases at a time, in one page. */
  readonly players: number;
  readonly watchS: number;
  readonly onOutcome?: (outcome: CaseOutcome) => void;
  readonly onProblem?: (problem: CaseProblem) => void;
}

export interface FaultResults {
  readonly outcomes: readonly CaseOutcome[];
  readonly problems: readonly CaseProblem[];
}

/** Runs cases in one page of a browser. Resolves when each has a result. */
export async function runFaults(options: RunFaultsOptions): Promise<FaultResults> {
  const { browser, names, players, watchS } = options;
  const outcomes: CaseOutcome[] = [];
  const problems: CaseProblem[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const site = await FaultSite.open({
    onResult: (result) => {
      if ('problem' in result) {
        problems.push(result);
        options.onProblem?.(result);
      } else {
        outcomes.push(result);
        options.onOutcome?.(result);
      }
      if (outcomes.length + problems.length === names.length) finish();
    },
  });
  try {
    await browser.open(site.address(names, { players, watchS }));
    await finished;
    return { outcomes, problems };
  } finally {
    await site.close();
  }
}
