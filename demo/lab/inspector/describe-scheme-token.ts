import { describeInstant } from './describe-instant.js';
import type { SecretPart, SecretRow } from './secret-part.js';

/** What the scheme of a CDN reads in a text, as `@gatecast/server` returns it: no signature, key or password. */
export interface SchemeReading {
  readonly scheme: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** NumericDate seconds; `null` if the token does not say it. */
  readonly expiresAt: number | null;
  readonly warnings: readonly string[];
}

/** Explanations of fields, by their name in the vendor's documentation. */
const fieldWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Resource: 'the addresses that it opens',
    URLPrefix: 'it opens what begins with this address',
    IpAddress: 'the only network addresses that may use it',
    'Key-Pair-Id': 'id of the key that signed it',
    KeyName: 'name of the keys that may have signed it',
    kid: 'id of the key that signed it',
    aud: 'kind of file that it opens',
    accessRules: 'who may use it',
    'sub (video uid)': 'the video that it opens',
    'sub (playback id)': 'the playback id that it opens',
    token_path: 'it opens what is below this folder',
  }),
);

/** What a token says, one part for each scheme that can read it. */
export function describeSchemeToken(readings: readonly SchemeReading[], nowMs: number): SecretPart[] {
  return readings.map(({ scheme, fields, expiresAt, warnings }) => ({
    title: scheme,
    rows: [
      ...fields.map(({ name, value }) => ({ name, value, words: wordsOf(name, value, nowMs) })),
      endRow(expiresAt, nowMs),
      ...warnings.map((words) => ({ name: 'warning', value: '', words })),
    ],
  }));
}

function wordsOf(name: string, value: string, nowMs: number): string {
  const isTime = /^\d{9,10}$/.test(value);
  return fieldWords.get(name) ?? (isTime ? describeInstant(Number(value) * 1000, nowMs) : '');
}

function endRow(expiresAt: number | null, nowMs: number): SecretRow {
  if (expiresAt === null) return { name: 'end', value: 'unknown', words: 'it has no end that can be read' };
  const verb =
    expiresAt * 1000 <= nowMs ? 'expired: an origin must refuse it; it ended' : 'not expired; it ends';
  return {
    name: 'end',
    value: String(expiresAt),
    words: `${verb} ${describeInstant(expiresAt * 1000, nowMs)}`,
  };
}
