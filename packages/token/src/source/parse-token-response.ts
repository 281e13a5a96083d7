import type { TokenValue } from '@gatecast/contract';
import type { AnsweredMedia } from './answered-media.js';
import { partsOf, readItem } from './read-token-item.js';
import { invalid, isRecord } from './response-faults.js';
import { earliest, numericDateToMs, readTokenTimes } from './token.js';

/** More origins than any stream has. */
const MAX_PARTS = 32;

interface ParsedItem {
  readonly stream: string;
  readonly value: TokenValue;
  readonly expiresAt: unknown;
  /** Milliseconds from the response to the end; `null` if it does not say it. */
  readonly lifeMs: number | null;
}

/** A token response in the one form that the rest of the client reads, whichever form the backend sent. */
export interface ParsedTokenResponse {
  /** One for each stream. */
  readonly items: readonly ParsedItem[];
  readonly serverTimeMs: number | null;
  readonly playlists: Readonly<Record<string, string>> | null;
  /** Does the backend send events? */
  readonly isPushed?: boolean;
  /** What comes after it in the same response. */
  readonly media?: readonly AnsweredMedia[];
}

/**
 * Parses every form of token response that the contract lists. A bare token counts for each requested stream.
 *
 * @throws GatecastError `token-response-invalid`, `token-response-too-large`, `token-time-unit`
 */
export function parseTokenResponse(answer: unknown, streams: readonly string[]): ParsedTokenResponse {
  const body = typeof answer === 'string' ? { token: answer } : answer;
  if (!isRecord(body)) throw invalid('The token response is neither a token nor a JSON object.');

  const base = {
    serverTimeMs: numericDateToMs(body['serverTime'], 'serverTime'),
    playlists: readPlaylists(body['playlists']),
    isPushed: body['push'] === true,
  };
  if ('tokens' in body) {
    if (!Array.isArray(body['tokens'])) throw invalid('"tokens" is not an array.');
    const items = readItems(body['tokens'], base.serverTimeMs ?? -Infinity);
    const { url } = body;
    const all = url === undefined ? items : withEntry(items, url, streams);
    return {
      items: joinItems(all).map((item, _, { length }) => (length === 1 ? named(item, streams) : item)),
      ...base,
    };
  }
  const item = readItem(body);
  return { items: streams.map((stream) => ({ stream, ...item })), ...base };
}

/**
 * Reads the items. Of a stream with several, what cannot be read or has ended is left out, because the issuer of one CDN may fail
 * while the others work.
 */
function readItems(given: readonly unknown[], nowMs: number): ParsedItem[] {
  const items: ParsedItem[] = [];
  const ended: ParsedItem[] = [];
  /** The first error of each stream: a long response may have one for each item. */
  const failed = new Map<string, unknown>();
  for (const item of given) {
    if (!isRecord(item) || typeof item['stream'] !== 'string')
      throw invalid('An item of "tokens" has no "stream".');
    const { stream } = item;
    try {
      const read = { stream, ...readItem(item) };
      const { expiresAtMs } = readTokenTimes(read.value, read.expiresAt);
      (expiresAtMs === null || expiresAtMs > nowMs ? items : ended).push(read);
    } catch (error) {
      if (!failed.has(stream)) failed.set(stream, error);
    }
  }
  const usable = new Set(items.map(({ stream }) => stream));
  for (const [stream, error] of failed) if (!usable.has(stream)) throw error;
  return [...items, ...ended.filter(({ stream }) => !usable.has(stream))];
}

/** Adds the address of the first playlist to an item of the first stream: the one that is for its origin. */
function withEntry(
  items: readonly ParsedItem[],
  url: unknown,
  [stream = '']: readonly string[],
): ParsedItem[] {
  const value = readItem({ url }).value;
  const [{ origins: _, ...first } = {}] = partsOf(value);
  const origin = first.url === undefined ? '' : new URL(first.url).origin;
  const ofStream = items.filter((item) => item.stream === stream);
  const candidates = ofStream.length > 0 || items.length > 1 ? ofStream : items;
  const own =
    candidates.find((item) => originsOf(item)?.includes(origin)) ??
    candidates.find((item) => !originsOf(item));
  if (!own) {
    const name = candidates[0]?.stream ?? stream;
    return [...items, { stream: name, value, expiresAt: undefined, lifeMs: null }];
  }
  const [part, ...others] = partsOf(own.value);
  const joined = { parts: [{ ...first, ...part }, ...others] };
  return items.map((item) => (item === own ? { ...own, value: joined } : item));
}

function originsOf({ value }: ParsedItem): readonly string[] | undefined {
  return partsOf(value)[0]?.origins;
}

/** A page without `src` cannot know the name of the stream whose address the backend chooses. */
function named(item: ParsedItem, [stream, ...others]: readonly string[]): ParsedItem {
  const isChosen = partsOf(item.value).some(({ url }) => url !== undefined);
  return stream !== undefined && others.length === 0 && isChosen ? { ...item, stream } : item;
}

/** Joins the items of a stream, each for other origins. Of those for all origins, the first counts. */
function joinItems(items: readonly ParsedItem[]): ParsedItem[] {
  const joined = new Map<string, ParsedItem>();
  for (const item of items) {
    const known = joined.get(item.stream);
    if (!known) {
      joined.set(item.stream, item);
      continue;
    }
    const parts = [...partsOf(known.value)];
    const isForAll = parts.some(({ origins }) => !origins);
    const added = partsOf(item.value).filter(({ origins }) => origins ?? !isForAll);
    if (added.length === 0 || parts.length >= MAX_PARTS) continue;
    const expiresAt = earlier(known.expiresAt, item.expiresAt);
    const lifeMs = earliest([known.lifeMs, item.lifeMs]);
    joined.set(item.stream, { ...known, value: { parts: [...parts, ...added] }, expiresAt, lifeMs });
  }
  return [...joined.values()];
}

/** The earlier of two times, the unknown ones aside. Both are checked when they are used. */
function earlier(a: unknown, b: unknown): unknown {
  const [atA, atB] = [numericDateToMs(a, 'expiresAt'), numericDateToMs(b, 'expiresAt')];
  return atB !== null && (atA === null || atB < atA) ? b : a;
}

function readPlaylists(value: unknown): Record<string, string> | null {
  if (!isRecord(value)) return null;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
