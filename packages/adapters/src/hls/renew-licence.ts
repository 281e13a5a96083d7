import { GatecastError, retryDelayMs, type Cancel } from '@gatecast/token';
import type HlsClass from 'hls.js';
import type { LicenceContext, LicenceHls, LicenceHost } from './licence-host.js';
import { KeyUse } from './key-use.js';
import { openKeySession } from './open-key-session.js';

/** At most so long before its end a licence is renewed, and when a quarter of its life is left at the latest. */
export const LEAD_MS = 60_000;
/** Two renewals of a key have at least this pause, with success or without. */
export const RENEWAL_PAUSE_MS = 5000;
/** The browser reports another end with no event of its own. */
const POLL_MS = 1000;
/** Messages of these key systems are sent as they are. Others renew by themselves, with messages that hls.js reads. */
const RENEWED = /^(?:com\.widevine\.alpha|org\.w3\.clearkey)$/;

/** A licence that hls.js has requested. */
export interface RenewedLicence {
  readonly hls: LicenceHls;
  readonly context: LicenceContext;
  /** Address of the licence server. */
  readonly url: string;
  /** Requests a licence for a message of the key system. */
  readonly request: (message: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
}

const watched = new WeakSet<MediaKeySession>();

/**
 * Renews a licence before it ends. A key system may renew by itself: hls.js then requests another licence. For a
 * licence that only has an end (`MediaKeySession.expiration`), hls.js 1.7 asks when it has ended, and replaces the media keys,
 * which not every browser can do while media plays. Here a second session is created in time, with the same initialization data,
 * and the first one is closed when the new licence is there.
 *
 * @see https://www.w3.org/TR/encrypted-media-2/#dom-mediakeysession-expiration
 */
export function renewAhead(host: LicenceHost, licence: RenewedLicence): void {
  const { hls, context } = licence;
  const { keySystem, mediaKeysSession, decryptdata } = context;
  if (watched.has(mediaKeysSession) || !decryptdata.pssh || !RENEWED.test(keySystem)) return;
  watched.add(mediaKeysSession);
  // hls.js keeps its sessions for the next source, and would not know that one is closed.
  if (!hls.config.reuseKeySessions) new LicenceRenewal(host, licence).start();
}

/**
 * Renews the licence of one key while a segment needs it. After the end it goes on to try, because hls.js does not know the
 * session. It ends with the source, with the session, and when no segment needs the key; then hls.js asks again if one does.
 */
class LicenceRenewal {
  readonly #host: LicenceHost;
  readonly #hls: LicenceHls;
  readonly #context: LicenceContext;
  readonly #request: RenewedLicence['request'];
  readonly #url: string;
  readonly #life = new AbortController();
  readonly #use: KeyUse;
  /** What hls.js has noted of its request: it is another one, or none, after hls.js has removed its session. */
  readonly #noted: unknown;
  /** A session of hls.js, or the one that replaces it. */
  #session: MediaKeySession;
  #isOwn = false;
  #endMs = NaN;
  /** When to renew next. */
  #dueMs = Infinity;
  #lastMs = -Infinity;
  #failures = 0;
  #isReported = false;
  #cancel: Cancel | null = null;

  constructor(host: LicenceHost, { hls, context, url, request }: RenewedLicence) {
    this.#host = host;
    this.#hls = hls;
    this.#context = context;
    this.#request = request;
    this.#url = url;
    this.#session = context.mediaKeysSession;
    this.#noted = this.#notedRequest();
    this.#use = new KeyUse(hls, context, this.#life.signal);
  }

  start(): void {
    const { signal } = this.#life;
    const end = (): void => {
      this.#end();
    };
    const { MANIFEST_LOADING, DESTROYING } = (this.#hls.constructor as typeof HlsClass).Events;
    for (const event of [MANIFEST_LOADING, DESTROYING] as const) {
      this.#hls.once(event, end);
      signal.addEventListener('abort', () => {
        this.#hls.off(event, end);
      });
    }
    this.#host.renewing.addEventListener('abort', end, { signal });
    this.#watchClosing(this.#session);
    this.#poll();
  }

  /** Called when hls.js or the key system closes the session in use. hls.js renews what it closes itself. */
  #watchClosing(session: MediaKeySession): void {
    void session.closed.then(() => {
      if (session !== this.#session) return;
      if (this.#isOwn) this.#plan(this.#host.clock.now());
      else this.#end();
    });
  }

  #poll(): void {
    if (this.#life.signal.aborted) return;
    const nowMs = this.#host.clock.now();
    this.#readEnd(nowMs);
    if (nowMs >= this.#dueMs) {
      this.#dueMs = Infinity;
      void this.#renew(nowMs);
      return;
    }
    this.#cancel = this.#host.clock.at(Math.min(nowMs + POLL_MS, this.#dueMs), () => {
      this.#poll();
    });
  }

  /** Plans the renewal if the browser reports another end of the licence. */
  #readEnd(nowMs: number): void {
    const { expiration } = this.#session;
    if (Number.isNaN(expiration) || expiration === this.#endMs) return;
    this.#endMs = expiration;
    const leftMs = expiration - nowMs;
    if (leftMs <= 0) {
      // The clock of this device is wrong, or the licence server is.
      this.#planRetry(nowMs, undefined);
      return;
    }
    this.#failures = 0;
    this.#isReported = false;
    const leadMs = Math.min(LEAD_MS, leftMs / 4);
    // Viewers whose licences end together do not ask in the same moment.
    this.#plan(expiration - leadMs + (this.#random() * leadMs) / 4);
  }

  async #renew(nowMs: number): Promise<void> {
    const { mediaKeys, decryptdata } = this.#context;
    if (this.#isGone()) {
      this.#end();
      return;
    }
    if (!this.#use.isNeeded(this.#session)) {
      this.#forget();
      return;
    }
    this.#lastMs = nowMs;
    const next = mediaKeys.createSession();
    const { signal } = this.#life;
    try {
      await openKeySession(next, decryptdata, this.#request, signal);
      signal.throwIfAborted();
    } catch (error) {
      close(next);
      if (!signal.aborted) this.#failed(asLicenceError(error));
      return;
    }
    const last = this.#session;
    this.#isOwn = true;
    this.#session = next;
    this.#endMs = NaN;
    this.#watchClosing(next);
    close(last);
    this.#poll();
  }

  /** Does hls.js have other media keys, or has it begun again? A licence of its own that has ended, it renews itself. */
  #isGone(): boolean {
    const { mediaKeys, decryptdata } = this.#context;
    const attached = this.#hls.media?.mediaKeys;
    if ((attached && attached !== mediaKeys) || this.#notedRequest() !== this.#noted) return true;
    const { keyId } = decryptdata;
    return !this.#isOwn && keyId !== null && this.#session.keyStatuses.get(keyId) === 'expired';
  }

  #failed(error: GatecastError): void {
    const host = this.#host;
    const nowMs = host.clock.now();
    const stream = host.streamOf(this.#url);
    this.#planRetry(nowMs, error.retryAfterMs);
    if (nowMs < this.#endMs || this.#isReported) host.onTrouble?.(error, stream);
    else {
      this.#isReported = true;
      if (host.onFailed(error, stream)) this.#tellHls(error);
    }
    this.#poll();
  }

  /** Not fatal: hls.js would stop, and the licence may still come. */
  #tellHls(error: GatecastError): void {
    const { Events, ErrorTypes, ErrorDetails } = this.#hls.constructor as typeof HlsClass;
    this.#hls.trigger(Events.ERROR, {
      type: ErrorTypes.KEY_SYSTEM_ERROR,
      details: ErrorDetails.KEY_SYSTEM_LICENSE_REQUEST_FAILED,
      fatal: false,
      error,
    });
  }

  #planRetry(nowMs: number, retryAfterMs: number | undefined): void {
    this.#failures += 1;
    const remainingLifeMs = Math.max(0, this.#endMs - nowMs);
    const random = this.#random();
    this.#plan(nowMs + retryDelayMs({ attempt: this.#failures, random, retryAfterMs, remainingLifeMs }));
  }

  #plan(atMs: number): void {
    this.#dueMs = Math.max(atMs, this.#lastMs + RENEWAL_PAUSE_MS);
  }

  #random(): number {
    return (this.#host.random ?? Math.random)();
  }

  #notedRequest(): unknown {
    const { keyRequests, decryptdata } = this.#context as Partial<LicenceContext>;
    return keyRequests?.[decryptdata?.uri ?? ''];
  }

  /** No segment needs the key. hls.js, which does not know that its session was replaced, asks again if one does. */
  #forget(): void {
    const { keyRequests, decryptdata } = this.#context as Partial<LicenceContext>;
    if (this.#isOwn && keyRequests && decryptdata) keyRequests[decryptdata.uri] = undefined;
    this.#end();
  }

  #end(): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    this.#cancel?.();
    // hls.js closes its own.
    if (this.#isOwn) close(this.#session);
  }
}

/** The typed form of a failure: the page's code, or the key system, may have thrown. */
export function asLicenceError(cause: unknown): GatecastError {
  if (cause instanceof GatecastError) return cause;
  return new GatecastError('source-failed', 'The licence could not be renewed.', {
    hint: 'Check that the licence server returns the licence itself, and licenseXhrSetup and licenseResponseCallback.',
    retryable: true,
    cause,
  });
}

/** A session that was never opened cannot be closed. */
function close(session: MediaKeySession): void {
  session.close().catch(() => undefined);
}
