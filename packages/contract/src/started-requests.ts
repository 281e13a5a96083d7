/** A token request that was sent before the code of the element was there. */
export interface StartedRequest {
  /** Credentials and absolute URL of the endpoint, as `endpointName` joins them. */
  readonly endpoint: string;
  /** Streams whose tokens it asks for. */
  readonly streams: readonly string[];
  /** Milliseconds since the epoch. */
  readonly sentAtMs: number;
  /** When the head of the answer came, in milliseconds since the epoch. */
  answeredAtMs?: number;
  readonly response: Promise<Response>;
}

/** An answer to an older request may have an old token and old playlists. */
const LIFE_MS = 10_000;

/** Of the page, not of a module: an inline script and the bundles of several packages share it. */
const STARTED = Symbol.for('gatecast.start');

/** The started requests of the page that no element has taken yet. */
export function startedRequests(): StartedRequest[] {
  const page = globalThis as Record<symbol, StartedRequest[] | undefined>;
  return (page[STARTED] ??= []);
}

/** The started request of a stream, if there is one. */
export function findStarted(
  endpoint: string,
  stream: string,
  nowMs = Date.now(),
): StartedRequest | undefined {
  return startedRequests().find(
    (each) =>
      each.endpoint === endpoint &&
      each.streams.includes(stream) &&
      Math.abs(nowMs - each.sentAtMs) < LIFE_MS,
  );
}

/** Takes the started request of all these streams: each answers once. */
export function takeStarted(endpoint: string, streams: readonly string[]): StartedRequest | undefined {
  const [first = ''] = streams;
  const found = findStarted(endpoint, first);
  if (!found || !streams.every((stream) => found.streams.includes(stream))) return undefined;
  const all = startedRequests();
  all.splice(all.indexOf(found), 1);
  return found;
}
