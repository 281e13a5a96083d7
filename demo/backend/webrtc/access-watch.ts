import type { SessionAccess } from './token-verdict.js';

/** A session that must not outlive what its token permits. */
export interface WatchedSession {
  /** What the newest token permits. */
  readonly access: SessionAccess | undefined;
  end(reason: 'expired' | 'revoked'): void;
}

export interface AccessWatchOptions {
  /** Time in ms for which a session outlives its token. */
  readonly graceMs: number;
  /** The same after a revocation: time for a client that knows of it to end its session itself. @defaultValue 0 */
  readonly revokedGraceMs?: number;
  /** Time in ms between two checks. @defaultValue 1000 */
  readonly intervalMs?: number;
  /** A clock in ms that is never set. @defaultValue performance.now */
  readonly elapsed?: () => number;
}

/** The token was expired, or else revoked, since this time. */
interface Refused {
  readonly isExpired: boolean;
  readonly atMs: number;
}

/**
 * Ends sessions whose token has expired or was revoked. HLS is checked at each request; the media of WebRTC needs none, so the
 * server checks. A session whose token was revoked ends at the next check. After an expiry there is a time of grace for the
 * request that brings the next token.
 */
export class AccessWatch {
  readonly #options: AccessWatchOptions;
  readonly #elapsed: () => number;
  /** Sessions, with what was found first, and when. */
  readonly #sessions = new Map<WatchedSession, Refused | undefined>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: AccessWatchOptions) {
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    this.#timer = setInterval(() => {
      this.check();
    }, options.intervalMs ?? 1000);
    this.#timer.unref();
  }

  add(session: WatchedSession): void {
    this.#sessions.set(session, undefined);
  }

  remove(session: WatchedSession): void {
    this.#sessions.delete(session);
  }

  /** Checks all sessions. */
  check(): void {
    for (const session of this.#sessions.keys()) {
      // The check fails only if the server does. Then the next one decides.
      this.#check(session).catch(() => undefined);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#sessions.clear();
  }

  async #check(session: WatchedSession): Promise<void> {
    const { access } = session;
    const verdict = await access?.recheck();
    // A request may have brought another token, or ended the session.
    if (!verdict || session.access !== access || !this.#sessions.has(session)) return;
    if (verdict.ok) {
      this.#sessions.set(session, undefined);
      return;
    }
    // Keys or the list of revocations cannot be read: nothing says that the access has ended.
    if (verdict.status === 503) return;
    const { graceMs, revokedGraceMs = 0 } = this.#options;
    const isExpired = verdict.code === 'token-expired';
    const before = this.#sessions.get(session);
    const refused = before?.isExpired === isExpired ? before : { isExpired, atMs: this.#elapsed() };
    this.#sessions.set(session, refused);
    const refusedMs = this.#elapsed() - refused.atMs;
    if (refusedMs >= (isExpired ? graceMs : revokedGraceMs)) session.end(isExpired ? 'expired' : 'revoked');
  }
}
