import { keptUrl, replaceAfterFailure, type AuthorizedRequest } from '@gatecast/token';
import { pageAddress } from '../session/read-options.js';
import type { TokenSession } from '../session/open-session.js';
import type { StreamRequest } from '../session/token-options.js';
import type { CommonMediaRequest, CommonMediaResponse, SentRequest } from './sent-request.js';

/** What dash.js says about a request, in `customData.request`. */
interface RequestDetails {
  readonly type?: unknown;
  readonly mediaType?: string;
  readonly representation?: {
    readonly id?: string;
    readonly mediaInfo?: { readonly streamInfo?: { readonly id?: string } | null } | null;
  } | null;
}

/** What dash.js keeps beside a request. */
interface CustomData {
  readonly request?: RequestDetails;
  /** Removed when dash.js aborts the request. */
  readonly onloadend?: unknown;
}

const kinds: Partial<Record<string, StreamRequest['kind']>> = {
  MPD: 'playlist',
  MediaSegment: 'segment',
  InitializationSegment: 'segment',
  IndexSegment: 'segment',
};

/**
 * Creates the functions that add tokens to requests of dash.js, and repeat refused ones. Neither ever rejects, and neither resolves for a
 * request that dash.js has aborted meanwhile: it would take the response for that of a later one. It tells nobody when it aborts a
 * request that has had its response, so the next segment of the same medium shows it, because it loads one at a time.
 */
export function createInterceptors(session: TokenSession, source: () => string | null) {
  const sentRequests = new WeakMap<object, SentRequest>();
  const lives = new Map<unknown, AbortController>();

  function begin(customData: CustomData): AbortController {
    const life = new AbortController();
    const slot = slotOf(customData) ?? life;
    lives.get(slot)?.abort();
    lives.set(slot, life);
    return life;
  }

  function end(customData: CustomData, life: AbortController): void {
    const slot = slotOf(customData) ?? life;
    if (lives.get(slot) === life) lives.delete(slot);
  }

  /** Ends all repeats: the player has closed its source. */
  function endAll(): void {
    for (const life of lives.values()) life.abort();
    lives.clear();
  }

  async function onRequest(request: CommonMediaRequest): Promise<CommonMediaRequest> {
    const customData = customDataOf(request);
    const life = begin(customData);
    try {
      const url = pageAddress(request.url);
      const manifest = source();
      if (manifest !== null) session.open(manifest);
      const { authorizer } = session;
      const { type, representation } = customData.request ?? {};
      const stream = session.streamOf({
        url,
        playlist: manifest ?? url,
        kind: kinds[String(type)] ?? 'other',
        rendition: representation?.id,
      });
      const authorized =
        authorizer.authorizeNow(url, stream) ??
        (await authorizer.authorize(url, stream, { signal: session.signal }));
      const sentAtMs = performance.now();
      sentRequests.set(customData, { request, url, stream, authorizer, authorized, sentAtMs, life });
      const next = isBare(authorized) ? request : withToken(request, authorized);
      // An abort sets the callback, which the request has only when it is sent.
      if (!life.signal.aborted && !('onloadend' in customData)) return next;
    } catch {
      // Events report why there is no token. The origin refuses the request, and dash.js tries it again.
      end(customData, life);
      return request;
    }
    end(customData, life);
    return never();
  }

  async function onResponse(response: CommonMediaResponse): Promise<CommonMediaResponse> {
    const customData = customDataOf(response.request);
    const sent = sentRequests.get(customData);
    if (!sent) return response;
    sentRequests.delete(customData);
    const { authorizer, stream, request, url, life } = sent;
    let { authorized } = sent;
    const isOver = life.signal.aborted || !customData.onloadend;
    for (let isRepeat = false; ; isRepeat = true) {
      const next = await tokenForRepeat(response, { ...sent, authorized }, isRepeat);
      if (!next) break;
      const part = await import('./repeat-request.js').catch(() => null);
      if (!(await part?.repeatRequest(session, response, { ...sent, authorized: next }))) break;
      authorized = next;
    }
    end(customData, life);
    if (life.signal.aborted && !isOver) return never();
    const { status = 0 } = response;
    const data: unknown = response.data;
    const responseUrl = response.url ?? '';
    if (status >= 200 && status < 300)
      authorizer.accepted(stream, authorized, { url: responseUrl, headers: new Headers(response.headers) });
    if (typeof data === 'string') response.data = authorizer.withoutTokens(data, responseUrl || url);
    response.request = request;
    response.url = keptUrl(url, authorized, responseUrl);
    return response;
  }

  async function tokenForRepeat(
    answer: CommonMediaResponse,
    { request, url, stream, authorizer, authorized, sentAtMs }: SentRequest,
    isRepeat: boolean,
  ): Promise<AuthorizedRequest | null> {
    const { status = 0 } = answer;
    if (isBare(authorized) && !isRepeat) return authorizer.isRefusal(status, authorized) ? authorized : null;
    // Aborted, or too slow: no sign of a refusal that the browser hides.
    const { timeout } = request;
    const isOver = timeout ? performance.now() - sentAtMs >= timeout : false;
    if (status === 0 && (isOver || !customDataOf(request).onloadend)) return null;
    const failed = { url, stream, authorized, status, isRepeat, answer };
    return replaceAfterFailure(authorizer, failed, { signal: session.signal }).catch((reason: unknown) => {
      session.report(stream, reason);
      return null;
    });
  }

  return { onRequest, onResponse, endAll };
}

/** dash.js waits for the response of a request that it has aborted with no timer and no state. */
const never = (): Promise<never> => new Promise(() => undefined);

/** A medium of a period, of which one segment is loaded at a time. `undefined` for other requests. */
function slotOf({ request }: CustomData): string | undefined {
  const { type, mediaType, representation } = request ?? {};
  if (!mediaType || !/^(Media|Initialization)Segment$/.test(String(type))) return;
  return `${mediaType} ${String(representation?.mediaInfo?.streamInfo?.id)}`;
}

/** Is it sent without its token first? XMLHttpRequest follows each redirect, with the header. */
function isBare({ redirect }: AuthorizedRequest): boolean {
  return redirect === 'manual';
}

/** A copy, because dash.js names the request itself in its log. */
function withToken(request: CommonMediaRequest, authorized: AuthorizedRequest): CommonMediaRequest {
  const { url, headers, credentials } = authorized;
  return {
    ...request,
    url,
    headers: { ...request.headers, ...headers },
    ...(credentials && { credentials }),
  };
}

function customDataOf(request: CommonMediaRequest): CustomData {
  const { customData } = request as { customData?: CustomData };
  return customData ?? {};
}
