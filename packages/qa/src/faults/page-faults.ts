import { mergePatch } from './merge-patch.js';
import type { FaultDriver } from './fault-driver.js';
import { faultPatch } from './fault-patch.js';
import type { FaultSettings } from './fault-api.js';
import { type FaultRule, type RequestFacts, decideFault } from './decide-fault.js';

export interface PageFaultsOptions {
  /** Absolute URL of the token endpoint; `''` while it is unknown. */
  readonly tokenUrl: () => string;
  /** Object whose `fetch` is replaced. @defaultValue `globalThis` */
  readonly scope?: { fetch: typeof globalThis.fetch };
}

/**
 * Replaces `fetch` in this page, to simulate faults of a deployment without the fault API.
 *
 * It does not affect requests of the browser's native HLS player, and no WebRTC.
 */
export function createPageFaults({ tokenUrl, scope = globalThis }: PageFaultsOptions): FaultDriver {
  const answer = scope.fetch.bind(scope);
  const secrets = new Set<string>();
  const spent = new Set<string>();
  let rule: FaultRule = {};

  scope.fetch = async (input, init) => {
    const request = describeRequest(input, init);
    const facts = factsOf(request, tokenUrl(), spent);
    for (const secret of secretsOf(request)) secrets.add(secret);
    const isQuiet = facts.kind === 'other' && !rule.media && !facts.isSpent;
    if (isQuiet) return answer(input, init);
    // Many addresses of media do not end like a file. Then only the response tells what they are.
    const unnamed = facts.kind === 'other' ? await answer(input, init) : null;
    if (unnamed && !isMediaType(unnamed)) return unnamed;
    const { fault, rule: left } = decideFault(rule, unnamed ? { ...facts, kind: 'media' } : facts);
    rule = left;
    const pass = async (): Promise<Response> => unnamed ?? answer(input, init);
    if (!fault) return pass();
    if (fault.kind !== 'delay') void unnamed?.body?.cancel();
    if (fault.kind === 'cut') throw new TypeError('Failed to fetch');
    if (fault.kind === 'status') return problem(fault.status);
    if (fault.kind === 'shape') return Response.json({ hello: 'there is no token here' });
    await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    return pass();
  };

  return {
    kind: 'page',
    read: async () => settingsOf(rule),
    async set(faults) {
      const { expireNow, ...others } = faults;
      if (expireNow === true) for (const secret of secrets) spent.add(secret);
      rule = mergePatch(rule, faultPatch(others)) as FaultRule;
      return settingsOf(rule);
    },
    async clear() {
      rule = {};
    },
  };
}

/** Parts of a request that decide about its fault. Not the body, which can be read only once. */
interface RequestDescription {
  readonly url: string;
  readonly headers: Headers;
}

function describeRequest(input: RequestInfo | URL, init: RequestInit | undefined): RequestDescription {
  const isRequest = input instanceof Request;
  const base = typeof document === 'undefined' ? undefined : document.baseURI;
  return {
    url: new URL(isRequest ? input.url : input, base).href,
    headers: new Headers(init?.headers ?? (isRequest ? input.headers : undefined)),
  };
}

/** Converts a rule to the format of the backend's fault settings. */
function settingsOf({ tokens, media }: FaultRule): FaultSettings {
  const { reject, ...others } = media ?? {};
  const rules = reject && [{ stream: '*', kind: 'any' as const, status: 403, ...reject }];
  const { shape, ...rest } = tokens ?? {};
  return {
    tokens: { ...rest, ...(shape !== undefined && { shape: 'wrong' as const }) },
    media: { ...others, ...(rules && { reject: rules }) },
  };
}

function factsOf(request: RequestDescription, tokenUrl: string, spent: ReadonlySet<string>): RequestFacts {
  const bare = (url: string): string => url.split(/[?#]/)[0] ?? '';
  const isToken = tokenUrl !== '' && bare(request.url) === bare(tokenUrl);
  const isMedia = !isToken && /\.(m3u8|ts|m4s|mp4|m4v|m4a|aac|vtt|key)$/i.test(bare(request.url));
  return {
    kind: isToken ? 'token' : isMedia ? 'media' : 'other',
    isSpent: secretsOf(request).some((secret) => spent.has(secret)),
  };
}

/** Playlists, segments, captions and keys, by the types that origins and CDNs send for them. */
function isMediaType({ headers }: Response): boolean {
  const type = headers.get('Content-Type') ?? '';
  return /mpegurl|^(?:video|audio)\/|mp2t|^text\/vtt|^(?:application|binary)\/octet-stream/i.test(type);
}

/** Values that may be tokens. They are kept in memory only, so that the fault `expireNow` can refuse them later. */
function secretsOf({ url, headers }: RequestDescription): string[] {
  const authorization = headers.get('Authorization');
  const values = [...new URL(url).searchParams.values()].filter((value) => value.length >= 16);
  return authorization === null ? values : [...values, authorization];
}

function problem(status: number): Response {
  const body = JSON.stringify({ title: 'A fault was injected in this page.', status });
  return new Response(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}
