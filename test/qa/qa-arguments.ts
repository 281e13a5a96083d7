import { parseArgs } from 'node:util';
import { schemeTable } from '../../demo/backend/schemes/scheme-table.js';
import { isForSchemes, qaCases } from '../../demo/lab/cases/qa-cases.js';

export interface QaArguments {
  /** URL of the page with the tags. @defaultValue the demo's lab, which is started for the run */
  readonly url: string | undefined;
  readonly cases: readonly string[];
  /** Names of the token schemes to run the cases with. Empty for the source of the page. */
  readonly schemes: readonly string[];
  /** File for the results. */
  readonly json: string | undefined;
  /** Only prints the usage. */
  readonly isHelp: boolean;
}

const names = qaCases.map(({ name }) => name);
const namesForSchemes = qaCases.filter(isForSchemes).map(({ name }) => name);
const schemeNames = schemeTable.map(({ name }) => name);

export const usage = `npm run qa -- [--url http://…] [--case name …] [--scheme name …] [--json file]

  --url     a page that holds <secure-player>, and for some cases <secure-webcaster>; without it the demo's own lab
  --case    one case, may be given several times; without it all of them
  --scheme  runs the cases with a token scheme of the demo's media origin, or with "all" of them; may be given several times.
            Only in the lab, and for the cases of the player that need no source of their own. A scheme takes about 4 minutes.
  --json    writes the results to a file as well
  --help    says this

Ends with 0 when no case failed and one at least passed, with 1 otherwise, and with 2 for a command line like none above.

Cases:
${qaCases.map(({ name, words }) => `  ${name.padEnd(15)}${words}`).join('\n')}

Schemes:
${schemeTable.map(({ name, label }) => `  ${name.padEnd(30)}${label}`).join('\n')}`;

/** Recognises the lab by its path, because the demo's other pages contain the tags too. */
export function isLabAddress(url: string): boolean {
  return new URL(url).pathname.endsWith('/lab/');
}

/** @throws TypeError when the command line is invalid. */
export function parseQaArguments(args: readonly string[]): QaArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      case: { type: 'string', multiple: true },
      scheme: { type: 'string', multiple: true },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = values.case?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TypeError(`There is no case '${unknown}'.`);
  if (values.url !== undefined && !/^https?:$/.test(protocolOf(values.url))) {
    throw new TypeError('--url takes an address that begins with http:// or https://.');
  }
  const schemes = readSchemes(values.scheme ?? [], values);
  return {
    url: values.url,
    cases: values.case ?? (schemes.length > 0 ? namesForSchemes : names),
    schemes,
    json: values.json,
    isHelp: values.help,
  };
}

function readSchemes(
  wanted: readonly string[],
  { url, case: cases = [] }: { readonly url?: string | undefined; readonly case?: string[] | undefined },
): readonly string[] {
  if (wanted.length === 0) return [];
  const unknown = wanted.find((name) => name !== 'all' && !schemeNames.includes(name));
  if (unknown !== undefined) throw new TypeError(`There is no scheme '${unknown}'.`);
  if (url !== undefined && !isLabAddress(url))
    throw new TypeError('--scheme needs the lab: leave out --url, or give one that ends in /lab/.');
  const other = cases.find((name) => !namesForSchemes.includes(name));
  if (other !== undefined) throw new TypeError(`The case '${other}' cannot run with a scheme.`);
  return wanted.includes('all') ? schemeNames : [...new Set(wanted)];
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
