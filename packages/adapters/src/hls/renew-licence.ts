import { GatecastError, type Cancel } from '@gatecast/token';
import type HlsClass from 'hls.js';
import type { LicenceContext, LicenceHls, LicenceHost } from './licence-host.js';

/** At most so long before its end a licence is renewed, and when a quarter of its life is left at the latest. */
const LEAD_MS = 60_000;
/** After a failure it is tried again no sooner than this. */
const PAUSE_MS = 5000;
/** Messages of these key systems are sent as they are. Others renew by themselves, with messages that hls.js reads. */
const RENEWED = /^(?:com\.widevine\.alpha|org\.w3\.clearkey)$/;

/** Requests a licence for a message of the key system. */
type RequestForMessage = (message: Uint8Array) => Promise<ArrayBuffer>;

const watched = new WeakSet<MediaKeySession>();

/**
 * Renews a licence before it ends. A key system may renew by itself: hls.js then requests another licence. For a
 * licence that only has an end (`MediaKeySession.expiration`), hls.js 1.7 asks when it has ended, and replaces the media keys,
 * which not every browser can do while media plays. Here a second session is created in time, with the same initialization data,
 * and the first one is closed when the new licence is there.
 *
 * @see https://www.w3.org/TR/encrypted-media-2/#dom-mediakeysession-expiration
 */
export function renewAhead(
  host: LicenceHost,
  hls: LicenceHls,
  context: LicenceContext,
  request: RequestForMessage,
): void {
  const { keySystem, mediaKeysSession, decryptdata } = context;
  if (watched.has(mediaKeysSession) || !decryptdata.pssh || !RENEWED.test(keySystem)) return;
  watched.add(mediaKeysSession);
  // hls.js keeps its sessions for the next source, and would not know that one is closed.
  if (!hls.config.reuseKeySessions) new LicenceRenewal(host, hls, context, request).watch(mediaKeysSession);
}

class LicenceRenewal {
  readonly #host: LicenceHost;
  readonly #context: LicenceContext;
  readonly #request: RequestForMessage;
  readonly #life = new AbortController();
  /** A session of hls.js, or the one that replaces it. */
  #session: MediaKeySession | null = null;
  #isOwn = false;
  #endMs = NaN;
  #cancel: Cancel | null = null;

  constructor(host: LicenceHost, hls: LicenceHls, context: LicenceContext, request: RequestForMessage) {
    this.#host = host;
    this.#context = context;
    this.#request = request;
    const { signal } = this.#life;
    const end = (): void => {
      this.#end();
    };
    const { MANIFEST_LOADING, DESTROYING } = (hls.constructor as typeof HlsClass).Events;
    for (const event of [MANIFEST_LOADING, DESTROYING] as const) {
      hls.once(event, end);
      signal.addEventListener('abort', () => {
        hls.off(event, end);
      });
    }
    host.renewing.addEventListener('abort', end, { signal });
  }

  watch(session: MediaKeySession): void {
    this.#session = session;
    session.addEventListener('keystatuseschange', this.#read, { signal: this.#life.signal });
    this.#read();
  }

  /** The browser reports another end with the states of the keys. */
  readonly #read = (): void => {
    const { expiration = NaN } = this.#session ?? {};
    if (Number.isNaN(expiration) || expiration === this.#endMs) return;
    this.#endMs = expiration;
    const leftMs = expiration - this.#host.clock.now();
    if (leftMs > 0) this.#renewAt(expiration - Math.min(LEAD_MS, leftMs / 4));
  };

  #renewAt(atMs: number): void {
    this.#cancel?.();
    this.#cancel = this.#host.clock.at(atMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { mediaKeys, decryptdata } = this.#context;
    const { signal } = this.#life;
    const next = mediaKeys.createSession();
    try {
      await this.#open(next, decryptdata.scheme ?? 'cenc', decryptdata.pssh);
      signal.throwIfAborted();
    } catch (error) {
      close(next);
      if (!signal.aborted) this.#tryLater(error);
      return;
    }
    const last = this.#session;
    this.#isOwn = true;
    this.watch(next);
    last?.removeEventListener('keystatuseschange', this.#read);
    if (last) close(last);
  }

  /** Resolves when the session has a licence. */
  async #open(session: MediaKeySession, scheme: string, data: BufferSource | null): Promise<void> {
    const { signal } = this.#life;
    if (!data) return;
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      session.addEventListener(
        'message',
        ({ message }) => {
          this.#request(new Uint8Array(message))
            .then((licence) => session.update(licence))
            .then(resolve, reject);
        },
        { signal },
      );
      session.generateRequest(scheme, data).catch(reject);
    });
  }

  #tryLater(error: unknown): void {
    const { clock, onTrouble } = this.#host;
    const nowMs = clock.now();
    const leftMs = this.#endMs - nowMs;
    if (leftMs > PAUSE_MS) this.#renewAt(nowMs + Math.max(PAUSE_MS, leftMs / 2));
    if (error instanceof GatecastError) onTrouble?.(error);
  }

  #end(): void {
    this.#life.abort();
    this.#cancel?.();
    // hls.js closes its own.
    if (this.#isOwn && this.#session) close(this.#session);
    this.#session = null;
  }
}

/** A session that was never opened cannot be closed. */
function close(session: MediaKeySession): void {
  session.close().catch(() => undefined);
}
