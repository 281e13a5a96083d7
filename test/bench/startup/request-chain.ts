import type { WaterfallRow } from '../waterfall.js';

/** A request of the chain that the first frame waited for. */
export interface ChainLink {
  readonly name: string;
  /** Time from the end of the request before it until it was asked for. */
  readonly pauseMs: number;
  readonly askedMs: number;
  readonly firstByteMs: number;
  readonly endMs: number;
}

/** Answers of the page's servers come back from the network. A `data:` or `blob:` URL does not. */
const isFromNetwork = ({ isMark, name }: WaterfallRow): boolean => !isMark && !name.endsWith(':');

/** Until when the answer was used before an instant: its end, or the instant itself while a stream still arrives. */
function usedAtMs({ isStreamed, firstByteMs, endMs }: WaterfallRow, atMs: number): number {
  if (endMs <= atMs) return endMs;
  return isStreamed && firstByteMs <= atMs ? atMs : NaN;
}

function lastBefore(requests: readonly WaterfallRow[], atMs: number): WaterfallRow | undefined {
  return requests.reduce<WaterfallRow | undefined>((last, request) => {
    const ms = usedAtMs(request, atMs);
    const isLater = last === undefined ? ms <= atMs : ms > usedAtMs(last, atMs);
    return isLater ? request : last;
  }, undefined);
}

/**
 * The requests that followed one another until the first media was appended, in order.
 *
 * Derived from times alone: a request waited for the last one that had ended when it was asked for. A request that ended
 * shortly before by chance is taken for a cause.
 */
export function requestChain(rows: readonly WaterfallRow[]): ChainLink[] {
  const requests = rows.filter(isFromNetwork);
  const appended = rows.find(({ isMark, name }) => isMark && name === 'media-appended');
  const chain: ChainLink[] = [];
  let open = requests;
  let link = lastBefore(requests, appended?.startMs ?? Infinity);
  while (link) {
    const { name, startMs, firstByteMs, endMs } = link;
    open = open.filter((request) => request.startMs < startMs);
    const before = lastBefore(open, startMs);
    const pauseMs = before ? startMs - usedAtMs(before, startMs) : startMs;
    chain.unshift({ name, pauseMs, askedMs: startMs, firstByteMs, endMs });
    link = before;
  }
  return chain;
}

/** Time from asking to the first byte of each answer, in round trips. Includes connections that it waited for. */
export function roundTripsOf(chain: readonly ChainLink[], roundTripMs: number): number {
  return chain.reduce((sum, { askedMs, firstByteMs }) => sum + firstByteMs - askedMs, 0) / roundTripMs;
}
