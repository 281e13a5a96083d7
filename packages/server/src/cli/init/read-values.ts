import { nearestName } from '@gatecast/contract';
import type { StartValue } from '../../issuer/issuer-start.js';
import { configFaults } from '../../serve/config-faults.js';
import { CliError, type CliIo } from '../cli-io.js';
import { askUntil } from './ask-until.js';
import { issuerOptions } from './plan-files.js';
import type { InitScheme } from './schemes.js';

export interface ValuesContext {
  readonly scheme: InitScheme;
  readonly origin: string;
  /** Whole address of the first playlist. */
  readonly src: string;
  /** From `--set name=value`. */
  readonly set: ReadonlyMap<string, string>;
}

/** @throws CliError */
export function readPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1 || at === pair.length - 1)
    throw new CliError('--set is not name=value. Write it like --set keyPairId=K2JCJMDEHXQW5F.');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** @throws CliError for a name in `--set` that the scheme does not have. */
export function checkNames({ type, values }: InitScheme, set: ReadonlyMap<string, string>): void {
  const names = values.map(({ name }) => name);
  for (const name of set.keys()) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    const change =
      nearest === null ? 'Remove it, and edit the configuration afterwards.' : `Did you mean "${nearest}"?`;
    throw new CliError(`--set: init asks for no value "${name}" for the scheme ${type}. ${change}`);
  }
}

/**
 * The values that the scheme needs, from `--set name=value`, the terminal, or their defaults.
 *
 * @param io - `undefined`: nothing is asked.
 * @throws CliError
 */
export async function readValues(
  context: ValuesContext,
  io: CliIo | undefined,
): Promise<Record<string, string>> {
  const { scheme, set } = context;
  const answers: Record<string, string> = {};
  for (const value of scheme.values)
    answers[value.name] = set.get(value.name) ?? (await readValue(context, value, answers, io));
  return answers;
}

async function readValue(
  { scheme, origin, src }: ValuesContext,
  { name, where, fallback }: StartValue,
  others: Readonly<Record<string, string>>,
  io: CliIo | undefined,
): Promise<string> {
  const needed = `The scheme ${scheme.type} needs ${name}: ${where}.`;
  if (!io?.ask) {
    if (fallback !== undefined) return fallback;
    throw new CliError(`${needed} Set it with --set ${name}=<value>.`);
  }
  const question = `${name} (${where})${fallback === undefined ? '' : ` [${fallback}]`}: `;
  return askUntil(io, io.ask, question, fallback, (answer) => {
    if (answer === '') throw new CliError(needed);
    // The configuration knows what the issuer accepts.
    const playback = issuerOptions({ scheme, origin, src, values: { ...others, [name]: answer } });
    const path = `issuers.playback.${name}`;
    const fault = configFaults({ issuers: { playback } }).find((each) => each.startsWith(`${path}:`));
    if (fault !== undefined) throw new CliError(fault.slice('issuers.playback.'.length));
    return answer;
  });
}
