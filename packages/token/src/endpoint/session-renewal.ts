import { GatecastError } from '../errors.js';
import { readRetryAfterMs, unlessAborted } from '../source/read-answer.js';

/**
 * Renews the page's session. What it returns matters only if it is `false` or a `Response`: see `tokenEndpoint`.
 *
 * The signal aborts when no request waits for it any more.
 */
export type RenewSession = (options: { readonly signal: AbortSignal }) => unknown;

interface Flight {
  readonly controller: AbortController;
  readonly result: Promise<boolean>;
  waiting: number;
}

const renewals = new WeakMap<RenewSession, SessionRenewal>();

/** What all requests of the page that name the same function share. */
export function sessionRenewalOf(renew: RenewSession): SessionRenewal {
  let renewal = renewals.get(renew);
  if (!renewal) renewals.set(renew, (renewal = new SessionRenewal(renew)));
  return renewal;
}

/** Renews one session: one call at a time, for all requests that the endpoint has refused. */
export class SessionRenewal {
  readonly #renew: RenewSession;
  #flight: Flight | null = null;
  #last: Promise<boolean> | null = null;
  #count = 0;

  constructor(renew: RenewSession) {
    this.#renew = renew;
  }

  /** Calls that have ended. A request notes it, because a refusal may arrive after the session has been renewed for another one. */
  get count(): number {
    return this.#count;
  }

  /**
   * Waits for a session that is newer than the refused request.
   *
   * @param count - `count` from before the request.
   * @returns false if the session is over.
   * @throws GatecastError if it may be renewed later; the signal's reason.
   */
  async after(count: number, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (count !== this.#count && this.#last) return this.#last;
    const flight = (this.#flight ??= this.#start());
    flight.waiting += 1;
    try {
      return await unlessAborted(flight.result, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0 && this.#flight === flight) {
        this.#flight = null;
        flight.controller.abort(signal.reason);
      }
    }
  }

  #start(): Flight {
    const controller = new AbortController();
    const result = Promise.resolve()
      .then(() => this.#renew({ signal: controller.signal }))
      .then(isRenewed, failed)
      .finally(() => {
        if (this.#flight !== flight) return;
        this.#flight = null;
        this.#last = result;
        this.#count += 1;
      });
    const flight: Flight = { controller, result, waiting: 0 };
    return flight;
  }
}

function isRenewed(result: unknown): boolean {
  if (Object.prototype.toString.call(result) !== '[object Response]') return result !== false;
  const { ok, status, headers, body } = result as Response;
  // Only the status counts.
  body?.cancel().catch(() => undefined);
  if (ok) return true;
  if (status < 500 && ![408, 425, 429].includes(status)) return false;
  throw new GatecastError(
    'token-endpoint-failed',
    `The session could not be renewed (HTTP ${String(status)}).`,
    {
      hint: 'Check the log of the backend that renewSession calls.',
      retryable: true,
      status,
      retryAfterMs: readRetryAfterMs(headers),
    },
  );
}

function failed(cause: unknown): never {
  if (cause instanceof GatecastError) throw cause;
  throw new GatecastError('token-source-failed', 'The function renewSession of tokenEndpoint failed.', {
    hint: 'See the cause. Return false if the viewer must sign in again.',
    retryable: true,
    cause,
  });
}
