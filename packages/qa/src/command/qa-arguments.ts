import { parseArgs } from 'node:util';
import { nearestName } from '@gatecast/contract';
import { caseNames, isForSchemes, qaCases } from '../cases/qa-cases.js';

/** A token scheme whose stream the demo's lab can play. */
export interface QaScheme {
  readonly name: string;
  readonly label: string;
  /** Parameters of the lab's URL that choose the scheme's stream. */
  readonly query: string;
}

export interface QaArguments {
  /** `undefined` without a URL on the command line. */
  readonly url: string | undefined;
  readonly cases: readonly string[];
  /** The token schemes to run the cases with. Empty for the source of the page. */
  readonly schemes: readonly QaScheme[];
  /** File for the results. */
  readonly json: string | undefined;
  readonly task: 'run' | 'help' | 'version' | 'list';
}

const options = {
  url: { type: 'string' },
  case: { type: 'string', multiple: true },
  scheme: { type: 'string', multiple: true },
  json: { type: 'string' },
  list: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const namesForSchemes = qaCases.filter(isForSchemes).map(({ name }) => name);

/**
 * Reads the command line.
 *
 * @param schemes - token schemes that `--scheme` can name. Without any, the option is refused.
 * @throws TypeError when it is invalid, with the nearest known name.
 */
export function parseQaArguments(args: readonly string[], schemes: readonly QaScheme[] = []): QaArguments {
  refuseUnknownOptions(args, schemes.length > 0);
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [url = values.url, ...others] = positionals;
  if (others.length > 0 || (positionals.length > 0 && values.url !== undefined))
    throw new TypeError('there is more than one URL');
  if (url !== undefined && !isPageUrl(url))
    throw new TypeError(`the URL of the page must begin with http:// or https://`);
  const given = values.case ?? [];
  for (const name of given) requireName('case', name, caseNames);
  const chosen = readSchemes(values.scheme ?? [], schemes);
  if (chosen.length > 0) refuseSchemes(url, given);
  return {
    url,
    cases: given.length > 0 ? given : chosen.length > 0 ? namesForSchemes : caseNames,
    schemes: chosen,
    json: values.json,
    task: values.help ? 'help' : values.version ? 'version' : values.list ? 'list' : 'run',
  };
}

function refuseUnknownOptions(args: readonly string[], hasSchemes: boolean): void {
  const known = Object.keys(options).filter((name) => hasSchemes || name !== 'scheme');
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option' || known.includes(token.name)) continue;
    const nearest = token.rawName.startsWith('--') ? nearestName(token.name, known) : null;
    throw new TypeError(
      `unknown option '${token.rawName}'${meant(nearest === null ? null : `--${nearest}`)}`,
    );
  }
}

function readSchemes(wanted: readonly string[], schemes: readonly QaScheme[]): readonly QaScheme[] {
  const names = ['all', ...schemes.map(({ name }) => name)];
  for (const name of wanted) requireName('scheme', name, names);
  return schemes.filter(({ name }) => wanted.includes('all') || wanted.includes(name));
}

function refuseSchemes(url: string | undefined, cases: readonly string[]): void {
  if (url !== undefined && !new URL(url).pathname.endsWith('/lab/'))
    throw new TypeError('--scheme needs the lab: leave out the URL, or give one that ends in /lab/');
  const other = cases.find((name) => !namesForSchemes.includes(name));
  if (other !== undefined) throw new TypeError(`the case '${other}' cannot run with a scheme`);
}

function requireName(kind: 'case' | 'scheme', name: string, known: readonly string[]): void {
  if (!known.includes(name))
    throw new TypeError(`there is no ${kind} '${name}'${meant(nearestName(name, known))}`);
}

function meant(nearest: string | null): string {
  return nearest === null ? '' : `. Did you mean ${nearest}?`;
}

function isPageUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
