import { UNKNOWN_BANDWIDTH_BPS } from '@gatecast/contract';

/** What a client accepts that can read a response in parts. */
export interface AcceptedMedia {
  /** What it expects of its connection, in bits per second. */
  readonly bandwidthBps: number;
}

/** Range of what a client may expect, in bits per second. */
const LEAST_BPS = 1000;
const MOST_BPS = 10_000_000_000;

/**
 * Does a client accept `multipart/mixed`? Takes a time that is linear in the length of the field.
 *
 * @param accept - the field `Accept`, with an optional parameter: `multipart/mixed;bandwidth=500000`.
 * @returns `null` if not: wildcards do not count, because browsers send them with each request.
 * @see RFC 9110 section 12.5.1
 */
export function acceptedMedia(accept: string | null): AcceptedMedia | null {
  for (const range of splitOutsideQuotes(accept ?? '', ',')) {
    const [type = '', ...parameters] = splitOutsideQuotes(range, ';');
    if (type.trim().toLowerCase() !== 'multipart/mixed') continue;
    const values = new Map(parameters.map(readParameter));
    // An invalid weight is not a refusal.
    if (/^0(?:\.0{0,3})?$/.test(values.get('q') ?? '')) continue;
    return { bandwidthBps: readBandwidth(values.get('bandwidth')) };
  }
  return null;
}

function readBandwidth(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return UNKNOWN_BANDWIDTH_BPS;
  return Math.min(MOST_BPS, Math.max(LEAST_BPS, Number(text)));
}

function readParameter(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  return [name.trim().toLowerCase(), at < 0 ? '' : text.slice(at + 1).trim()];
}

/** A quoted string may contain the separator (RFC 9110 section 5.6.4). */
function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isQuoted && character === '\\') index += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
