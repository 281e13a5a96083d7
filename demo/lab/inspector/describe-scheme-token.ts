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
    Resource: 'URLs that the token allows',
    URLPrefix: 'allows all URLs with this prefix',
    IpAddress: 'allowed client addresses',
    'Key-Pair-Id': 'id of the signing key',
    KeyName: 'name of the signing key set',
    kid: 'id of the signing key',
    aud: 'type of file that the token allows',
    accessRules: 'restrictions on viewers',
    'sub (video uid)': 'allowed video',
    'sub (playback id)': 'allowed playback id',
    token_path: 'allows all paths below this one',
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
  if (expiresAt === null)
    return { name: 'expires', value: 'unknown', words: 'the expiry cannot be read from the token' };
  const instant = describeInstant(expiresAt * 1000, nowMs);
  const words =
    expiresAt * 1000 <= nowMs ? `expired ${instant}; an origin must refuse it` : `expires ${instant}`;
  return { name: 'expires', value: String(expiresAt), words };
}
