import {
  delay,
  GatecastError,
  redactUrl,
  systemClock,
  withFreshToken,
  type AuthorizedRequest,
  type Authorizer,
  type Clock,
} from '@gatecast/token';
import { expandVariables, type Variables } from '../../loading/reread/expand-variables.js';
import type { PageReply, RequestResult } from '../../media-worker/worker-messages.js';
import { playlistAddresses } from './playlist-addresses.js';
import { RequestWatch } from './request-watch.js';

/** An entry whose requests the service worker sends. */
export interface ServedEntry {
  readonly url: string;
  readonly stream: string;
  readonly authorizer: Authorizer;
  /** Aborts when the entry is not played any longer. */
  readonly signal: AbortSignal;
}

/** Addresses of one playlist are known until it is read again and once more: a request may be under way. */
const KEPT_READS = 2;
/** Redirects may give a playlist another address at each reload. */
const KEPT_PLAYLISTS = 500;
/** The browser may end the worker in the middle. The worker reports a segment when its headers are there. */
const RESULT_LIMIT_MS = 90_000;

type RequestKind = 'playlist' | 'media';

/** Replies to the questions of the service worker about one entry. */
export class EntryServer {
  readonly entry: ServedEntry;
  /** What the worker has asked since the media element got its address. */
  readonly watch = new RequestWatch();
  readonly #clock: Clock;
  readonly #playlists = new Set<string>();
  /** Addresses of the last reads, by the address of their playlist. */
  readonly #media = new Map<string, readonly ReadonlySet<string>[]>();

  /** Of the multivariant playlist, which the others import. */
  #variables: Variables | undefined;
  #failure: GatecastError | null = null;
  #hasAccessEnded = false;

  constructor(entry: ServedEntry, clock: Clock = systemClock) {
    this.entry = entry;
    this.#clock = clock;
    this.#playlists.add(new URL(entry.url).href);
  }

  get hasAccessEnded(): boolean {
    return this.#hasAccessEnded;
  }

  /** Why the media element cannot play, if its own requests of the playlist do not show it; once. */
  takeFailure(): GatecastError | null {
    const failure = this.#failure;
    this.#failure = null;
    return failure;
  }

  kindOf(given: string): RequestKind | null {
    const url = this.#plain(given);
    if (this.#playlists.has(withoutDirectives(url))) return 'playlist';
    const isKnown = [...this.#media.values()].some((reads) => reads.some((read) => read.has(url)));
    return isKnown ? 'media' : null;
  }

  async answer(url: string, kind: RequestKind, port: MessagePort): Promise<void> {
    const reply = (message: PageReply): void => port.postMessage(message);
    const end = this.watch.begin(kind === 'media');
    let isGood = false;
    reply({ kind: 'wait' });
    try {
      isGood = await this.#request(url, kind, port);
      reply({ kind: 'done' });
    } catch (error) {
      // The engine finds the cause itself, by a request of the playlist.
      reply({ kind: 'fail', status: (error instanceof GatecastError ? error.status : undefined) ?? 502 });
    } finally {
      end(isGood);
    }
  }

  /** Returns whether the media element gets what it has requested. */
  async #request(url: string, kind: RequestKind, port: MessagePort): Promise<boolean> {
    const { authorizer, stream, signal } = this.entry;
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
      return this.#nextResult(port);
    };
    return withFreshToken<AuthorizedRequest, boolean>({
      stream,
      get: () => authorizer.authorize(url, stream, { signal }),
      use: async (authorized) => {
        let sent = authorized;
        let result = await send(sent);
        if (result.status === null && result.reason === null) {
          const renewed = await authorizer.replaceUnreadable(url, stream, sent, { signal });
          if (renewed) result = await send((sent = renewed));
        }
        if (result.reason === 'redirect') this.#failure = redirected(url);
        if (result.status === null) return { kind: 'done', result: false };
        const { status } = result;
        const headers = new Headers(result.headers.map(([name, value]): [string, string] => [name, value]));
        if (status >= 400) await this.#checkFailure(result, sent, headers);
        if (authorizer.isRefusal(status, sent)) return { kind: 'refused', status };
        if (status < 400) {
          authorizer.accepted(stream, sent, { url: result.url || sent.url, headers });
          if (kind === 'playlist') this.#learn(url, result);
        }
        return { kind: 'done', result: status < 400 };
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
    for (const baseUrl of bases) {
      const playlist = expandVariables({ text: this.#plain(text, baseUrl), baseUrl }, this.#variables);
      const { isMultivariant, playlists, media } = playlistAddresses(playlist.text, baseUrl);
      if (isMultivariant) this.#variables = playlist.variables;
      // A player may reload a playlist at the address to which it was redirected.
      for (const address of [withoutDirectives(baseUrl), ...playlists]) this.#keepPlaylist(address);
      for (const address of media) read.add(address);
    }
    this.#media.set(name, [read, ...(this.#media.get(name) ?? [])].slice(0, KEPT_READS));
  }

  #keepPlaylist(address: string): void {
    this.#playlists.add(address);
    const [, oldest] = this.#playlists;
    // The first one is that of the entry.
    if (this.#playlists.size > KEPT_PLAYLISTS && oldest !== undefined) this.#playlists.delete(oldest);
  }

  /** The text with a marker for each of our tokens, which differ from one request to the next. */
  #plain(text: string, baseUrl?: string): string {
    return this.entry.authorizer.withoutTokens(text, baseUrl);
  }

  /** @throws GatecastError if the access has ended. */
  async #checkFailure(
    { status, text }: RequestResult,
    sent: AuthorizedRequest,
    headers: Headers,
  ): Promise<void> {
    const { authorizer, stream, signal } = this.entry;
    headers.delete('Content-Length');
    const response = new Response(text, { status: status ?? 500, headers });
    try {
      await authorizer.checkFailure(response, stream, sent, signal);
    } catch (error) {
      this.#hasAccessEnded = !signal.aborted;
      throw error;
    }
  }

  /** Waits for the result of one request: without end if the browser has ended the worker, so for a limited time. */
  async #nextResult(port: MessagePort): Promise<RequestResult> {
    const { signal } = this.entry;
    signal.throwIfAborted();
    const wait = new AbortController();
    try {
      return await new Promise<RequestResult>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: wait.signal });
        port.onmessage = ({ data }: MessageEvent<RequestResult>) => resolve(data);
        delay(this.#clock, RESULT_LIMIT_MS, wait.signal).then(
          () => reject(new DOMException('The service worker reported no result.', 'TimeoutError')),
          () => undefined,
        );
      });
    } finally {
      wait.abort();
    }
  }
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

function redirected(url: string): GatecastError {
  return new GatecastError(
    'source-failed',
    `${redactUrl(url)} redirects a request that has a token in a header.`,
    { hint: 'Set token-placement="header", or use an address that does not redirect.' },
  );
}
