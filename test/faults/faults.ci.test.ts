import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findEngine } from '../support/runner/find-engines.js';
import { openPageBrowser } from './browser/page-browser.js';
import { findCase } from './cases/fault-cases.js';
import { pendingCases } from './cases/pending.js';
import type { CaseOutcome } from './report/case-outcome.js';
import { formatOutcome } from './report/format-outcome.js';
import { type FaultResults, runFaults } from './run-faults.js';

const found = findEngine('chromium');

/** One case for each kind, the longest first. `npm run faults` has all of them. */
const names = [
  'tokens-503',
  'tokens-text-error',
  'one-rendition-segments-gone',
  'hole',
  'refused-without-cors',
  'playlist-404',
  'segment-410',
  'media-reset',
  'playlist-503-at-start',
  'playlist-html',
  'playlist-header-only',
  'segment-garbage',
  'refuse-all-4-at-start',
  'revoked',
];
/** Cases at a time, each with two players, which two cores can decode. */
const players = 9;
/** Only ends a case that does not play again. */
const watchS = 90;
/** How much later than the control a player may be back on a machine that is busy, in milliseconds. */
const scatterMs = 10_000;

describe(
  '<secure-player> plays again after a fault, and no later than plain hls.js',
  { skip: !found && 'no Chromium' },
  () => {
    let results: FaultResults = { outcomes: [], problems: [] };

    before(async () => {
      const browser = await openPageBrowser('chromium');
      try {
        results = await runFaults({ browser, names, players, watchS });
      } finally {
        await browser.close();
      }
    });

    after(() => {
      for (const outcome of results.outcomes) console.log(formatOutcome(findCase(outcome.name), outcome));
    });

    for (const name of names.filter((each) => !pendingCases.has(each))) {
      const faultCase = findCase(name);
      it(`${name}: ${faultCase.title}, ${faultCase.when}`, () => {
        const outcome: CaseOutcome | undefined = results.outcomes.find((each) => each.name === name);
        assert.ok(outcome, results.problems.find((each) => each.name === name)?.problem ?? 'no result');
        const { ours, control } = outcome;
        assert.notEqual(ours.backMs, null, 'it plays again');
        const latestMs =
          Math.max(control.backMs ?? 0, (faultCase.expect?.backWithinS ?? 5) * 1000) + scatterMs;
        assert.ok(
          (ours.backMs ?? 0) <= latestMs,
          `${ours.backMs ?? 0} ms, the control ${control.backMs ?? -1} ms`,
        );
        assert.ok(ours.tokens.perMinute <= 13, `${ours.tokens.perMinute} token requests in a minute`);
        if (faultCase.expect?.error === 'none') assert.deepEqual(ours.errors, []);
      });
    }
  },
);
