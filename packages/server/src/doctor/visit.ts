import { whyUnreachable } from '../conformance/unreachable.js';
import type { Findings } from './finding.js';
import type { SiteCookies } from './site-cookies.js';

/** How the doctor reaches servers. */
export interface DoctorNetwork {
  readonly fetch: typeof globalThis.fetch;
  /** Time limit of each request in milliseconds. */
  readonly timeoutMs: number;
  readonly now: () => number;
  /** When the run began, by `now`. */
  readonly sinceMs: number;
  readonly cookies: SiteCookies;
  /** Origin of the page; `undefined` if nobody named it. */
  readonly pageOrigin: string | undefined;
}

export interface VisitRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'OPTIONS' | 'DELETE';
  /** Those that sign in do not go to another origin in a redirect. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers with a token. They do not go to another origin in a redirect. */
  readonly tokenHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Follow a redirect within the origin that keeps method and body (307, 308)? @defaultValue `false`; GET follows each */
  readonly followsOffer?: boolean;
  /** Send the cookies that servers have set? */
  readonly withCookies?: boolean;
  /** More bytes are not read. */
  readonly maxBytes: number;
}

/** A redirect on the way. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  readonly headers: Headers;
  /** `Origin` of the request. */
  readonly origin: string | undefined;
}

export interface Visit {
  /** Address after redirects. It may contain a token. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** The first bytes, at most `maxBytes`. */
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
  readonly hops: readonly Hop[];
  /** `Origin` of the request. */
  readonly origin: string | undefined;
  /** Headers with a token that a redirect to another origin removed. */
  readonly lost: readonly string[];
  /** `Date` of the response, and its `Age` for one from a cache, minus the clock of this machine in the middle of the request, in milliseconds. */
  readonly clockOffMs: number | null;
}

/** A server did not respond. The message says why, and has nothing of the request. */
export class UnreachableError extends Error {}

const MAX_HOPS = 10;
/** Time limit of a run. A request that began before goes on. */
const MAX_RUN_MS = 180_000;

/** Has the run taken too long? The findings then say that a part was skipped. */
export function isOver({ now, sinceMs }: DoctorNetwork, findings: Findings): boolean {
  if (now() - sinceMs < MAX_RUN_MS) return false;
  findings.skipped(
    `The doctor stops after ${String(MAX_RUN_MS / 1000)} s. The rest of the stream was not followed.`,
    'Look at what responds slowly, and run the doctor again.',
  );
  return true;
}

/**
 * Sends a request, and follows redirects as a browser does: to another origin go neither the headers that sign in nor cookies of
 * the first one. Headers with a token do not go there either.
 *
 * @throws UnreachableError
 */
export async function visit(network: DoctorNetwork, request: VisitRequest): Promise<Visit> {
  const { method = 'GET', body, withCookies = false, followsOffer = false, maxBytes } = request;
  const { fetch, timeoutMs, pageOrigin } = network;
  const hops: Hop[] = [];
  const lost: string[] = [];
  const signal = AbortSignal.timeout(timeoutMs);
  let own = { ...request.headers };
  let tokenHeaders = { ...request.tokenHeaders };
  let origin = pageOrigin;
  let url = request.url;
  try {
    for (;;) {
      const headers = new Headers({ ...own, ...tokenHeaders });
      if (origin !== undefined) headers.set('Origin', origin);
      if (withCookies) network.cookies.addTo(headers, url);
      const sentAtMs = network.now();
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal,
        ...(body !== undefined && { body }),
      });
      const headAtMs = network.now();
      network.cookies.keep(response.headers, url);
      const to = nextAddress(response, url);
      const isFollowed =
        method === 'GET' || (followsOffer && /^30[78]$/.test(String(response.status)) && isWithin(to, url));
      if (to !== null && isFollowed && hops.length < MAX_HOPS) {
        await response.body?.cancel();
        hops.push({ from: url, to, headers: response.headers, origin });
        const from = new URL(url).origin;
        if (new URL(to).origin !== from) {
          lost.push(...Object.keys(tokenHeaders));
          tokenHeaders = {};
          own = withoutSession(own);
          // Fetch standard, HTTP-redirect fetch: the origin is then tainted.
          if (origin !== undefined && from !== pageOrigin) origin = 'null';
        }
        url = to;
        continue;
      }
      const { bytes, isCut } = await readBytes(response, maxBytes);
      const dateMs = Date.parse(response.headers.get('Date') ?? '') + ageMs(response.headers);
      return {
        url,
        status: response.status,
        headers: response.headers,
        bytes,
        isCut,
        hops,
        origin,
        lost,
        clockOffMs: Number.isNaN(dateMs) ? null : dateMs - (sentAtMs + headAtMs) / 2,
      };
    }
  } catch (error) {
    throw new UnreachableError(whyUnreachable(error));
  }
}

/** The text of a response. A byte sequence that is not UTF-8 becomes a replacement character. */
export function textOf({ bytes }: Visit): string {
  return new TextDecoder().decode(bytes);
}

function withoutSession(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie)$/i.test(name)),
  );
}

/** Time that a response was in caches, in milliseconds. */
function ageMs(headers: Headers): number {
  const [seconds = '0'] = /^\d{1,9}$/.exec(headers.get('Age')?.trim() ?? '') ?? [];
  return Number(seconds) * 1000;
}

function nextAddress({ status, headers }: Response, from: string): string | null {
  const location = headers.get('Location');
  if (status < 300 || status >= 400 || location === null || !URL.canParse(location, from)) return null;
  const to = new URL(location, from);
  return /^https?:$/.test(to.protocol) ? to.href : null;
}

function isWithin(to: string | null, from: string): boolean {
  return to !== null && new URL(to).origin === new URL(from).origin;
}

async function readBytes(response: Response, maxBytes: number) {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  let isCut = false;
  for (;;) {
    if (!reader) break;
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.byteLength;
    if (size <= maxBytes) continue;
    isCut = true;
    await reader.cancel();
    break;
  }
  const bytes = new Uint8Array(Math.min(size, maxBytes));
  let at = 0;
  for (const part of parts) {
    bytes.set(part.subarray(0, bytes.length - at), at);
    at = Math.min(bytes.length, at + part.byteLength);
  }
  return { bytes, isCut };
}
