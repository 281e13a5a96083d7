import type { ServerEvent } from '../source/event-parser.js';
import { isRecord } from '../source/response-faults.js';
import { readSharedFailure, type SharedFailure } from './shared-failure.js';

/** Of the messages. Tabs with an older build of the page ignore those of another one. */
export const VERSION = 3;
/** The latest instant of a date, in milliseconds since the epoch. */
const LATEST_MS = 8.64e15;
/** More streams than a page has, and longer names. */
const MAX_STREAMS = 1000;
const MAX_NAME = 2000;
/** Events of a backend, and `open`: the connection for them is open. */
const EVENTS: readonly string[] = ['off', 'on', 'check', 'open', 'listen'];
/** As an event stream may have. */
const MAX_DATA = 65_536;
/** As in a token response. */
const MAX_PARTS = 32;

/** A token as another tab got it. Instants are milliseconds since the epoch by the server's clock. */
export interface SharedToken {
  readonly stream: string;
  /** Not checked yet. */
  readonly value: unknown;
  readonly expiresAtMs: number | null;
  readonly receivedAtMs: number;
}

/**
 * What tabs say to each other:
 *
 * - `want`: the sender needs tokens of these streams. While it only waits for its turn, it needs no response without tokens.
 * - `asking`: the sender requests them at the moment. While it is `open`, others may still add streams.
 * - `also`: the streams to add.
 * - `tokens`: new tokens, or those that were wanted by the tab `to`, perhaps none.
 * - `pushed`: what the backend has said without being asked; with the type `listen`, that it does so.
 * - `failed`: a request failed, and no tab should send another one before a time.
 */
export type TabMessage =
  | { readonly type: 'also'; readonly streams: readonly string[] }
  | { readonly type: 'pushed'; readonly event: ServerEvent }
  | { readonly type: 'want'; readonly streams: readonly string[]; readonly isWaiting: boolean }
  | { readonly type: 'asking'; readonly streams: readonly string[]; readonly isOpen: boolean }
  | {
      readonly type: 'tokens';
      readonly items: readonly SharedToken[];
      readonly to: string | null;
      /** The server's clock minus that of the device, in milliseconds; `null` if the server has not told its time. */
      readonly aheadMs: number | null;
      /** Tokens in a row that an origin refused before these. */
      readonly rejections: number;
    }
  | {
      readonly type: 'failed';
      readonly streams: readonly string[];
      readonly failure: SharedFailure;
      /** Failed requests in a row. */
      readonly failures: number;
      /** By the clock of the device. */
      readonly untilMs: number;
    };

export type Received = TabMessage & { readonly from: string };

/** A message as it is sent. */
export function writeMessage(from: string, message: TabMessage): unknown {
  return { v: VERSION, from, ...message };
}

/** Reads what another tab has sent; `null` if it is not one of these messages. Never throws. */
export function readMessage(data: unknown): Received | null {
  if (!isRecord(data) || data['v'] !== VERSION) return null;
  const { from, type, to = null } = data;
  if (!isName(from)) return null;
  if (type === 'tokens') {
    const { aheadMs, rejections } = data;
    const items = listOf(data['items'], isSharedToken);
    if (!items) return null;
    if (!isTime(aheadMs) || !isCount(rejections) || !(to === null || isName(to))) return null;
    return { type, from, items, aheadMs, rejections, to };
  }
  if (type === 'pushed') {
    const event = data['event'];
    return isEvent(event) ? { type, from, event: { type: event.type, data: event.data } } : null;
  }
  const streams = listOf(data['streams'], isName);
  if (!streams) return null;
  if (type === 'also') return { type, from, streams };
  if (type === 'want') return { type, from, streams, isWaiting: data['isWaiting'] === true };
  if (type === 'asking') return { type, from, streams, isOpen: data['isOpen'] === true };
  if (type !== 'failed') return null;
  const { failures, untilMs } = data;
  const failure = readSharedFailure(data['failure']);
  if (!failure || !isCount(failures) || !isTime(untilMs) || untilMs === null) return null;
  return { type, from, streams, failure, failures, untilMs };
}

function listOf<T>(value: unknown, isItem: (item: unknown) => item is T): T[] | null {
  if (!Array.isArray(value) || value.length > MAX_STREAMS) return null;
  // A copy has no holes, which `every` would skip.
  const items = Array.from(value as unknown[]);
  return items.every(isItem) ? items : null;
}

function isSharedToken(item: unknown): item is SharedToken {
  if (!isRecord(item)) return false;
  const { stream, value, expiresAtMs, receivedAtMs } = item;
  const parts = isRecord(value) ? value['parts'] : null;
  if (Array.isArray(parts) && parts.length > MAX_PARTS) return false;
  return isName(stream) && isTime(expiresAtMs) && isTime(receivedAtMs) && receivedAtMs !== null;
}

function isEvent(value: unknown): value is ServerEvent {
  if (!isRecord(value)) return false;
  const { type, data } = value;
  return EVENTS.some((each) => each === type) && typeof data === 'string' && data.length <= MAX_DATA;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME;
}

function isTime(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Math.abs(value) <= LATEST_MS);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
