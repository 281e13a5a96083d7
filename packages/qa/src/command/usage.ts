import { qaCases } from '../cases/qa-cases.js';
import type { QaScheme } from './qa-arguments.js';

export interface UsageOptions {
  /** How the command is called. */
  readonly name: string;
  /** Whether there is a page without a URL: the demo's lab. */
  readonly hasOwnPage: boolean;
  readonly schemes: readonly QaScheme[];
}

/** The list of the cases, one in each line. */
export const caseList = qaCases.map(({ name, words }) => `  ${name.padEnd(15)}${words}\n`).join('');

/** The text of `--help`. */
export function usageOf({ name, hasOwnPage, schemes }: UsageOptions): string {
  const page = hasOwnPage ? '[<url>]' : '<url>';
  const ownPage = hasOwnPage ? '; without it the demo’s own lab' : '';
  const ofSchemes = `  --scheme <name>   runs the cases with a token scheme of the demo’s media origin, or with "all" of them; may be given
                    several times. Only in the lab, and for the cases of the player that need no source of their own.
                    A scheme takes about 4 minutes.
`;
  return `Usage: ${name} ${page} [options]

Runs fault cases on a page in a headless Chromium and prints a line for each case. GATECAST_CHROMIUM names the
program; without it, an installed one is used.

  <url>             a page that holds <secure-player>, and for some cases <secure-webcaster>${ownPage}
  --url <url>       the same as <url>
  --case <name>     one case; may be given several times; without it all of them
${schemes.length > 0 ? ofSchemes : ''}  --json <file>     writes the results to a file as well
  --list            lists the cases
  --version         shows the version
  -h, --help        shows this

Exit code: 0 no case failed and at least one passed; 1 a case failed, nothing was tested, or the page cannot be opened
or has no element; 2 the command cannot run: a wrong command line, or no browser.

Cases:
${caseList}${schemes.length > 0 ? `\nSchemes:\n${schemes.map((each) => `  ${each.name.padEnd(30)}${each.label}\n`).join('')}` : ''}`;
}
