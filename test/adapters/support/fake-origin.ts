import { FakeTokenBackend } from '../../support/fake-token-backend.js';

export interface OriginRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: RequestRedirect | undefined;
  readonly credentials: RequestCredentials | undefined;
  readonly method: string;
}

export const MEDIA = 'https://media.example';
export const PLAYLIST = `${MEDIA}/live/demo.m3u8`;
export const SEGMENT = `${MEDIA}/live/7.m4s`;

/** A media origin and the token backend of its streams. */
export class FakeOrigin {
  readonly backend = new FakeTokenBackend();
  readonly requests: OriginRequest[] = [];
  /** Status for the token in a request. */
  status: (token: string | null, url: string) => number = (token) => (token === null ? 401 : 200);
  body: (url: string) => BodyInit = () => '#EXTM3U';
  /** The code of the problem document of a refusal; `null` without a document. */
  problem: string | null = null;
  /** Where the response comes from, after redirects. */
  finalUrl: (url: string) => string = (url) => url;
  isRedirected = false;
  /** Never responds to a request with this token. */
  hangs: boolean | ((token: string | null) => boolean) = false;
  /** Requests that were aborted while it did not respond. */
  aborted = 0;

  get time() {
    return this.backend.time;
  }

  /** For `openSession` and what stands on it. */
  get context() {
    return { clock: this.time.clock, fetch: this.fetch, random: () => 0.5 };
  }

  /** Tokens that the origin has got, in order. */
  get tokens(): (string | null)[] {
    return this.requests.map(tokenOf);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const request = {
      url,
      headers: new Headers(init.headers),
      redirect: init.redirect,
      credentials: init.credentials,
      method: init.method ?? 'GET',
    };
    this.requests.push(request);
    await Promise.resolve();
    const hangs = typeof this.hangs === 'function' ? this.hangs(tokenOf(request)) : this.hangs;
    if (hangs) await new Promise((resolve) => init.signal?.addEventListener('abort', resolve));
    if (hangs) this.aborted += 1;
    init.signal?.throwIfAborted();
    const status = this.status(tokenOf(request), url);
    if (status === 0) throw new TypeError('Failed to fetch');
    const { problem: code } = this;
    const refusal = code === null ? 'refused' : JSON.stringify({ code, reason: 'Ticket 7' });
    const response = new Response(status < 400 ? this.body(url) : refusal, {
      status,
      headers: { Age: '3', ...(code !== null && { 'Content-Type': 'application/problem+json' }) },
    });
    return Object.defineProperties(response, {
      url: { value: this.finalUrl(url), configurable: true },
      redirected: { value: this.isRedirected },
    });
  };
}

function tokenOf({ url, headers }: OriginRequest): string | null {
  return (
    new URL(url).searchParams.get('token') ?? headers.get('Authorization')?.replace('Bearer ', '') ?? null
  );
}
