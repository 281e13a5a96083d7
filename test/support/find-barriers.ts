import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RunOptions, SerialContextObject } from 'axe-core';
import type { Page } from 'playwright-core';

const axeScript = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is checked; by default, all of the page by all rules. */
export interface BarrierSearch {
  /** Parts of the page, as axe takes them. */
  readonly where?: SerialContextObject;
  /** The only rules to apply. */
  readonly rules?: string[];
  /** Rules that are not applied. */
  readonly without?: readonly string[];
}

/** The accessibility rules that the page violates, with the violating nodes. */
export async function findBarriers(
  page: Page,
  { where, rules, without = [] }: BarrierSearch = {},
): Promise<string[]> {
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(rules && { runOnly: rules }),
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
  };
  // Not as a script of the page: a strict policy forbids it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeScript);
  return page.evaluate(
    async ([context, runOptions]) => {
      const { violations } = await window.axe.run(context ?? document, runOptions);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    [where, options] as const,
  );
}
