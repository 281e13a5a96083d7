import { GatecastError, withFreshToken, type AuthorizedRequest, type Authorizer } from '@gatecast/token';
import {
  isQuestion,
  MEDIA_WORKER,
  type PageReply,
  type RequestResult,
  type WorkerGreeting,
} from '../../media-worker/worker-messages.js';
import { playlistAddresses } from './playlist-addresses.js';

/** An entry whose requests the service worker sends. */
export interface ServedEntry {
  readonly url: string;
  readonly stream: string;
  readonly authorizer: Authorizer;
  /** Aborts when the entry is not played any longer. */
  readonly signal: AbortSignal;
}

/** The members of `navigator.serviceWorker` that are used here. */
export interface WorkerContainer {
  readonly controller: Pick<ServiceWorker, 'postMessage'> | null;
  addEventListener(type: 'message', listener: MessageListener): void;
  removeEventListener(type: 'message', listener: MessageListener): void;
  startMessages(): void;
}

type MessageListener = (this: unknown, event: Pick<MessageEvent<unknown>, 'data' | 'ports'>) => void;

/** Addresses of one playlist are known until it is read again and once more: a request may be under way. */
const KEPT_READS = 2;

type RequestKind = 'playlist' | 'media';

/** Replies to the questions of the service worker about one entry. */
class EntryServer {
  readonly entry: ServedEntry;
  readonly #playlists = new Set<string>();
  /** Addresses of the last reads, by the address of their playlist. */
  readonly #media = new Map<string, readonly ReadonlySet<string>[]>();

  constructor(entry: ServedEntry) {
    this.entry = entry;
    this.#playlists.add(new URL(entry.url).href);
  }

  kindOf(given: string): RequestKind | null {
    const url = this.#plain(given);
    if (this.#playlists.has(withoutDirectives(url))) return 'playlist';
    const isKnown = [...this.#media.values()].some((reads) => reads.some((read) => read.has(url)));
    return isKnown ? 'media' : null;
  }

  async answer(url: string, kind: RequestKind, port: MessagePort): Promise<void> {
    const reply = (message: PageReply): void => port.postMessage(message);
    reply({ kind: 'wait' });
    try {
      await this.#request(url, kind, port);
      reply({ kind: 'done' });
    } catch (error) {
      // The engine finds the cause itself, by a request of the playlist.
      reply({ kind: 'fail', status: (error instanceof GatecastError ? error.status : undefined) ?? 502 });
    }
  }

  async #request(url: string, kind: RequestKind, port: MessagePort): Promise<void> {
    const { authorizer, stream, signal } = this.entry;
    const results = readResults(port, signal);
    const send = ({ prove, ...request }: AuthorizedRequest): Promise<RequestResult> => {
      if (prove) throw proofsUnsupported();
      const { headers, credentials, redirect } = request;
      port.postMessage({
        kind: 'send',
        url: request.url,
        headers: { ...headers },
        credentials,
        redirect,
        isPlaylist: kind === 'playlist',
      } satisfies PageReply);
      return results();
    };
    await withFreshToken<AuthorizedRequest, null>({
      stream,
      get: () => authorizer.authorize(url, stream, { signal }),
      use: async (authorized) => {
        let sent = authorized;
        let result = await send(sent);
        if (result.status === null) {
          const renewed = await authorizer.replaceUnreadable(url, stream, sent, { signal });
          if (renewed) result = await send((sent = renewed));
        }
        if (result.status === null) return { kind: 'done', result: null };
        const { status } = result;
        const headers = new Headers(result.headers.map(([name, value]): [string, string] => [name, value]));
        if (status >= 400) await this.#checkFailure(result, sent, headers);
        if (authorizer.isRefusal(status, sent)) return { kind: 'refused', status };
        if (status < 400) {
          authorizer.accepted(stream, sent, { url: result.url || sent.url, headers });
          if (kind === 'playlist') this.#learn(url, result);
        }
        return { kind: 'done', result: null };
      },
      replace: (refused) => authorizer.replace(url, stream, refused, { signal }),
    });
  }

  /** Keeps the addresses in a playlist. Their base is that of the response, which may have our token in its path. */
  #learn(given: string, { text, url }: RequestResult): void {
    if (text === null) return;
    const name = withoutDirectives(this.#plain(given));
    const bases = new Set([given, url || given].map((base) => this.#plain(base)));
    const read = new Set<string>();
    for (const base of bases) {
      const { playlists, media } = playlistAddresses(this.#plain(text, base), base);
      for (const address of playlists) this.#playlists.add(address);
      for (const address of media) read.add(address);
    }
    this.#media.set(name, [read, ...(this.#media.get(name) ?? [])].slice(0, KEPT_READS));
  }

  /** The text with a marker for each of our tokens, which differ from one request to the next. */
  #plain(text: string, baseUrl?: string): string {
    return this.entry.authorizer.withoutTokens(text, baseUrl);
  }

  /** @throws GatecastError if the access has ended. */
  #checkFailure({ status, text }: RequestResult, sent: AuthorizedRequest, headers: Headers): Promise<void> {
    const { authorizer, stream, signal } = this.entry;
    headers.delete('Content-Length');
    const response = new Response(text, { status: status ?? 500, headers });
    return authorizer.checkFailure(response, stream, sent, signal);
  }
}

/** Waits for the results of requests, one at a time. The port is closed with the worker's response. */
function readResults(port: MessagePort, signal: AbortSignal): () => Promise<RequestResult> {
  return () =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      port.onmessage = ({ data }: MessageEvent<RequestResult>) => {
        signal.removeEventListener('abort', onAbort);
        resolve(data);
      };
    });
}

/** Directives of low-latency HLS, which a player adds to the address of a playlist. */
function withoutDirectives(url: string): string {
  return url.includes('_HLS_')
    ? url.replace(/([?&])(?:_HLS_\w+=[^&#]*&?)+/g, '$1').replace(/[?&](?=#|$)/, '')
    : url;
}

function proofsUnsupported(): GatecastError {
  return new GatecastError('engine-unsupported', 'The service worker cannot prove possession of a key.', {
    hint: 'Remove the attribute dpop.',
  });
}

const servers = new Map<WorkerContainer, Set<EntryServer>>();

/**
 * Replies to the questions of the service worker about the requests of a media element, until the entry's signal aborts. A
 * request that is not one of a player goes out as it is.
 */
export function serveMediaRequests(container: WorkerContainer, entry: ServedEntry): void {
  const server = new EntryServer(entry);
  const all = servers.get(container) ?? new Set<EntryServer>();
  if (all.size === 0) {
    servers.set(container, all);
    container.addEventListener('message', onMessage);
    container.startMessages();
  }
  all.add(server);
  entry.signal.addEventListener(
    'abort',
    () => {
      all.delete(server);
      if (all.size > 0) return;
      container.removeEventListener('message', onMessage);
      container.controller?.postMessage({ [MEDIA_WORKER]: 'bye' } satisfies WorkerGreeting);
    },
    { once: true },
  );
}

function onMessage(this: unknown, { data, ports }: Pick<MessageEvent<unknown>, 'data' | 'ports'>): void {
  const port = ports[0];
  if (!port || !isQuestion(data)) return;
  const { url } = data;
  const all = [...(servers.get(this as WorkerContainer) ?? [])];
  for (const server of all) {
    const kind = server.kindOf(url);
    if (kind) {
      void server.answer(url, kind, port);
      return;
    }
  }
  // An address with variables, or after a redirect: it can only be of a player that may send its token there.
  const able = all.filter(({ entry }) => entry.authorizer.isAllowed(url));
  const isPlaylist = /\.m3u8(?:[?#]|$)/i.test(url);
  const [only] = able;
  if (only && able.length === 1) void only.answer(url, isPlaylist ? 'playlist' : 'media', port);
  else port.postMessage({ kind: 'pass' } satisfies PageReply);
}
