import { parseArgs } from 'node:util';
import { qaCases } from '../../demo/lab/cases/qa-cases.js';

export interface QaArguments {
  /** URL of the page with the tags. @defaultValue the demo's lab, which is started for the run */
  readonly url: string | undefined;
  readonly cases: readonly string[];
  /** File for the results. */
  readonly json: string | undefined;
  /** Only prints the usage. */
  readonly isHelp: boolean;
}

const names = qaCases.map(({ name }) => name);

export const usage = `npm run qa -- [--url http://…] [--case name …] [--json file]

  --url   a page that holds <secure-player>, and for some cases <secure-webcaster>; without it the demo's own lab
  --case  one case, may be given several times; without it all of them
  --json  writes the results to a file as well
  --help  says this

Ends with 0 when no case failed and one at least passed, with 1 otherwise, and with 2 for a command line like none above.

Cases:
${qaCases.map(({ name, words }) => `  ${name.padEnd(15)}${words}`).join('\n')}`;

/** @throws TypeError when the command line is invalid. */
export function parseQaArguments(args: readonly string[]): QaArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      case: { type: 'string', multiple: true },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = values.case?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TypeError(`There is no case '${unknown}'.`);
  if (values.url !== undefined && !/^https?:$/.test(protocolOf(values.url))) {
    throw new TypeError('--url takes an address that begins with http:// or https://.');
  }
  return { url: values.url, cases: values.case ?? names, json: values.json, isHelp: values.help };
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
