import type { KnownPages } from './known-pages.js';
import { PageTalk, type MediaPage } from './page-talk.js';
import type { PageReply, RequestResult } from './worker-messages.js';

export interface WorkerSurroundings {
  readonly pages: KnownPages;
  readonly clients: { get(id: string): Promise<MediaPage | undefined> };
  readonly fetch: typeof globalThis.fetch;
  /** Aborts after this time. */
  readonly after: (delayMs: number) => AbortSignal;
}

/** Longest wait for a page with a player. For a token the page itself waits less. */
const REPLY_MS = 60_000;
/** Longest problem document that the page gets. */
const PROBLEM_LIMIT_BYTES = 16_384;
/** Longest playlist: one of a day's window has about 5 MiB. */
const PLAYLIST_LIMIT_BYTES = 8 * 1024 * 1024;
const KEPT_HEADERS = ['content-type', 'content-length', 'retry-after', 'cta-common-access-token'];

/**
 * Requests what a media element requests, as the page says: with the token of this moment. A request that is not one of a
 * player goes out as it is. The worker keeps no token and stores no response of the network.
 *
 * @param clientId - of the page.
 */
export async function answerMediaRequest(
  request: Request,
  clientId: string,
  surroundings: WorkerSurroundings,
): Promise<Response> {
  const { pages, clients, fetch, after } = surroundings;
  const page = (await pages.find(clientId)) ? await clients.get(clientId) : undefined;
  if (!page) return fetch(request);
  const talk = new PageTalk(page, request.url);
  try {
    const first = await talk.next(after(REPLY_MS));
    if (first === null || first.kind === 'pass') return await fetch(request);
    return await follow(talk, request, surroundings);
  } finally {
    talk.close();
  }
}

/** Does what the page says until it has said what the media element gets. */
async function follow(
  talk: PageTalk,
  request: Request,
  { fetch, after }: WorkerSurroundings,
): Promise<Response> {
  let last: Response | null = null;
  for (;;) {
    const reply = await talk.next(after(REPLY_MS));
    switch (reply?.kind) {
      case 'send':
        await last?.body?.cancel();
        last = await send(reply, request, fetch);
        talk.report(await resultOf(last, reply.isPlaylist, request.signal));
        break;
      case 'done':
        // As it is: Chromium's player refuses the playlists and segments that a worker has made itself.
        return last ?? Response.error();
      case 'fail':
        return new Response(null, { status: reply.status });
      case 'wait':
      case 'pass':
        break;
      case undefined:
        // Without a page, a media element has no use for it.
        return Response.error();
    }
  }
}

async function send(
  { url, headers, credentials = 'same-origin', redirect }: PageReply & { kind: 'send' },
  request: Request,
  fetch: WorkerSurroundings['fetch'],
): Promise<Response> {
  const sent = new Headers(headers);
  const range = request.headers.get('Range');
  // All of it: without the header, the origin responds 200, and needs no header of CORS for the range.
  if (range !== null && range !== 'bytes=0-') sent.set('Range', range);
  try {
    return await fetch(url, {
      headers: sent,
      credentials,
      redirect,
      // Without CORS, no header could be added, and the response could not be checked.
      mode: 'cors',
      signal: request.signal,
    });
  } catch {
    return Response.error();
  }
}

async function resultOf(
  response: Response,
  isPlaylist: boolean,
  signal: AbortSignal,
): Promise<RequestResult> {
  const { ok, status, headers, url, type } = response;
  const isProblem = status >= 400 && /json/i.test(headers.get('Content-Type') ?? '');
  const limitBytes = isPlaylist && ok ? PLAYLIST_LIMIT_BYTES : isProblem ? PROBLEM_LIMIT_BYTES : 0;
  return {
    status: status === 0 ? null : status,
    reason: type === 'opaqueredirect' ? 'redirect' : status === 0 && signal.aborted ? 'aborted' : null,
    url,
    headers: KEPT_HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value] as const];
    }),
    text: limitBytes > 0 ? await readCopy(response, limitBytes) : null,
  };
}

/** The text of a response that the media element will read, too; `null` if it is larger. */
async function readCopy(response: Response, limitBytes: number): Promise<string | null> {
  if (Number(response.headers.get('Content-Length')) > limitBytes) return null;
  const reader = response.clone().body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  try {
    for (;;) {
      const part = await reader?.read();
      if (!part || part.done) return text;
      size += part.value.byteLength;
      if (size > limitBytes) {
        void reader?.cancel();
        return null;
      }
      text += decoder.decode(part.value, { stream: true });
    }
  } catch {
    return null;
  }
}
