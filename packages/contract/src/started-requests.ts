import { endpointName } from './token-fetch.js';

/** A token request that was sent before the code of the element was there. */
export interface StartedRequest {
  /** Credentials and absolute URL of the endpoint, as `endpointName` joins them. */
  readonly endpoint: string;
  /** Streams whose tokens it asks for. */
  readonly streams: readonly string[];
  /** Milliseconds since the epoch. */
  readonly sentAtMs: number;
  /** When the head of the response came, in milliseconds since the epoch. */
  answeredAtMs?: number | undefined;
  readonly response: Promise<Response>;
}

/** The same from the inline line of a page, where each byte counts. The response has its time, or is an error alone. */
export type StartedByLine = [
  url: string,
  credentials: string | undefined,
  streams: readonly string[],
  sentAtMs: number,
  answer: Promise<[answer: unknown, answeredAtMs?: number]>,
];

/** A response to an older request may have an old token and old playlists. */
const LIFE_MS = 10_000;

/** What the page has started, in the words of those who did. Its name is of the page: a line and bundles share it. */
export function startedByPage(): (StartedRequest | StartedByLine)[] {
  const page = globalThis as Record<symbol, (StartedRequest | StartedByLine)[] | undefined>;
  return (page[Symbol.for('gatecast')] ??= []);
}

/** The started requests of the page that no element has taken yet. */
export function startedRequests(): StartedRequest[] {
  const all = startedByPage();
  for (const [index, each] of all.entries()) if (Array.isArray(each)) all[index] = fromLine(each);
  return all as StartedRequest[];
}

function fromLine([url, credentials, streams, sentAtMs, answer]: StartedByLine): StartedRequest {
  const response = answer.then(([head, atMs]) => {
    if (!(head instanceof Response)) throw head;
    started.answeredAtMs = atMs;
    return head;
  });
  // An error that no element takes is nobody's.
  response.catch(() => undefined);
  const endpoint = endpointName(url, (credentials ?? 'same-origin') as RequestCredentials);
  const started: StartedRequest = { endpoint, streams, sentAtMs, response };
  return started;
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

/** Takes the started request of all these streams: each response is used once. */
export function takeStarted(endpoint: string, streams: readonly string[]): StartedRequest | undefined {
  const [first = ''] = streams;
  const found = findStarted(endpoint, first);
  if (!found || !streams.every((stream) => found.streams.includes(stream))) return undefined;
  const all = startedRequests();
  all.splice(all.indexOf(found), 1);
  return found;
}
