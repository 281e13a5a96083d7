import { GatecastError, requestMedia, type MediaResponse } from '@gatecast/token';
import { pageAddress } from '../session/read-options.js';
import type { TokenSession } from '../session/open-session.js';

/** The start of a file, in which VHS finds out what it is. It aborts the request when it knows. */
const PROBED_BYTES = 1024;

/**
 * What VHS and its `@videojs/xhr` use of an `XMLHttpRequest`, on the requests of the token client: a request waits for its
 * token, and is repeated once after a refusal. VHS sees the result.
 */
export class MediaXhr extends EventTarget {
  onload: (() => void) | null = null;
  onerror: ((fault: Event | Error) => void) | null = null;
  onabort: (() => void) | null = null;
  readyState = 0;
  status = 0;
  response: unknown = '';
  responseText = '';
  responseType = '';
  /** Without a token. */
  responseURL = '';
  withCredentials = false;
  /** Bits a second, without the wait for a token: VHS would count it. `undefined` lets VHS calculate it. */
  bandwidth: number | undefined;
  readonly #session: TokenSession;
  readonly #stream: string;
  readonly #timeoutMs: number;
  #url = '';
  #method = 'GET';
  #sent: Headers = new Headers();
  #received: Headers | null = null;
  #life = new AbortController();
  #isProbe = false;

  /** @param timeoutMs - of one request, without the wait for its token; 0 for none. */
  constructor(session: TokenSession, stream: string, timeoutMs = 0) {
    super();
    this.#timeoutMs = timeoutMs;
    this.#session = session;
    this.#stream = stream;
  }

  open(method: string, url: string): void {
    this.#url = pageAddress(url);
    this.#method = method;
    this.#sent = new Headers();
    this.#received = null;
    this.readyState = 1;
    this.status = 0;
  }

  setRequestHeader(name: string, value: string): void {
    this.#sent.set(name, value);
  }

  overrideMimeType(): void {
    this.#isProbe = true;
  }

  getResponseHeader(name: string): string | null {
    return this.#received?.get(name) ?? null;
  }

  getAllResponseHeaders(): string {
    return [...(this.#received ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  abort(): void {
    const isSent = this.#life.signal.aborted || this.readyState !== 1;
    this.#life.abort();
    if (isSent) return;
    this.readyState = 4;
    this.onabort?.();
    this.#tell('abort');
    this.#tell('loadend');
  }

  send(body?: BodyInit | null): void {
    this.#life = new AbortController();
    void this.#run(body ?? null, this.#life.signal);
  }

  async #run(body: BodyInit | null, signal: AbortSignal): Promise<void> {
    let error: unknown = null;
    try {
      const response = await this.#request(body, signal);
      if (signal.aborted) return;
      this.#take(response);
    } catch (cause) {
      if (signal.aborted) return;
      this.#session.report(this.#stream, cause);
      error = cause;
      // Only the status of the media origin: VHS acts on it.
      if (cause instanceof GatecastError && /^source-|^token-rejected$/.test(cause.code))
        this.status = cause.status ?? 0;
    }
    this.readyState = 4;
    if (this.status > 0) this.onload?.();
    else {
      const message = error instanceof Error ? error.message : '';
      const event = this.#tell('error', { message });
      const isLate = error instanceof DOMException && error.name === 'TimeoutError';
      // By this code VHS knows that the request took too long.
      this.onerror?.(isLate ? Object.assign(new Error(message), { code: 'ETIMEDOUT' }) : event);
    }
    this.#tell('loadend');
  }

  #request(body: BodyInit | null, signal: AbortSignal): Promise<MediaResponse> {
    const { authorizer, fetch, clock } = this.#session;
    if (this.#isProbe && !this.#sent.has('Range'))
      this.#sent.set('Range', `bytes=0-${String(PROBED_BYTES - 1)}`);
    const request = {
      url: this.#url,
      stream: this.#stream,
      responseType: this.responseType === 'arraybuffer' || this.#isProbe ? 'arraybuffer' : 'text',
      headers: Object.fromEntries(this.#sent),
      init: { method: this.#method, body },
      credentials: this.withCredentials ? 'include' : undefined,
    } as const;
    return requestMedia(authorizer, request, {
      signal,
      clock,
      firstByteTimeoutMs: Infinity,
      totalTimeoutMs: this.#timeoutMs || Infinity,
      fetch,
      onProgress: (loaded, total) => {
        if (!this.#isProbe && !signal.aborted)
          this.#tell('progress', { loaded, total, lengthComputable: total > 0 });
      },
    });
  }

  #take({ url, status, data, headers, timing }: MediaResponse): void {
    this.#received = headers;
    this.responseURL = url;
    this.status = status;
    if (typeof data === 'string') this.response = this.responseText = data;
    else if (data instanceof ArrayBuffer) {
      this.response = data;
      if (this.#isProbe)
        this.responseText = String.fromCharCode(
          ...new Uint8Array(data, 0, Math.min(data.byteLength, PROBED_BYTES)),
        );
      this.bandwidth = (data.byteLength * 8000) / Math.max(1, timing.endMs - timing.startMs);
    }
  }

  #tell(type: string, members: object = {}): Event {
    const event = Object.assign(new Event(type), members);
    this.dispatchEvent(event);
    return event;
  }
}
