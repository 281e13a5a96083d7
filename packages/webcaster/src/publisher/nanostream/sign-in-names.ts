import { GatecastError } from '@gatecast/token';
import type { BroadcastTarget } from '../broadcast-target.js';
import type { SignInOptions } from './rtc-user.js';

const NAMES = ['userName', 'room'] as const;

/**
 * Reads `userName` and `room` from `publisherConfig`. Old builds refuse a sign-in without them.
 *
 * @returns the stream's name for each that is left out.
 * @throws GatecastError `settings-invalid` for a value that the vendor does not accept: no text, or text with blanks.
 */
export function readSignInNames({
  config,
  stream,
}: BroadcastTarget): Pick<SignInOptions, 'userName' | 'room'> {
  for (const name of NAMES) {
    const value = config[name];
    if (value === undefined || (typeof value === 'string' && /^\S+$/.test(value))) continue;
    throw new GatecastError('settings-invalid', `publisherConfig.${name} is not a name without blanks.`, {
      hint: `Set publisherConfig.${name} to a text without blanks, or leave it out.`,
    });
  }
  const byDefault = stream.replace(/\s+/g, '_');
  const [userName = byDefault, room = byDefault] = NAMES.map((name) => config[name] as string | undefined);
  return { userName, room };
}
