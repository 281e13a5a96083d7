import type { Token } from '../source/token.js';
import { systemClock, type Clock } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';

/** A request waits so long for another token. */
const WAIT_MS = 3000;
/** Least time between two tokens for a stream that are requested because of responses that cannot be read. */
const INTERVAL_MS = 30_000;
/** So many requests in a row fail before a token is suspected that no origin has accepted yet. */
const FIRST_FAILURES = 2;

/** A request with a token whose response cannot be read: `fetch` threw a `TypeError`. */
export interface UnreadableAnswer {
  readonly stream: string;
  /** Version of its token. */
  readonly version: number;
  readonly origin: string;
  /** Has this origin accepted a request of this page before? */
  readonly hasWorked: boolean;
  /** Has more than half of the token's life passed? */
  readonly isTokenOld: boolean;
  readonly nowMs: number;
}

interface Renewal {
  readonly version: number;
  readonly startedAtMs: number;
  readonly isDone: Promise<boolean>;
}

/**
 * Decides when a response that cannot be read may be a refusal. Browsers do not show a response of another origin that lacks CORS
 * headers, and error pages of a CDN often lack them; to the page it looks like a network failure. So a token is renewed
 * only once for each version, and not more often than every 30 seconds for each stream.
 *
 * @see https://fetch.spec.whatwg.org/#concept-cors-check
 */
export class HiddenRefusals {
  readonly #clock: Clock;
  readonly #failures = new Map<string, number>();
  readonly #renewals = new Map<string, Renewal>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Renews the token if it may have been refused. Resolves with whether there is another one to repeat the request with. */
  async renew(answer: UnreadableAnswer, renewToken: () => Promise<unknown>): Promise<boolean> {
    const { stream, version, origin, nowMs } = answer;
    const failures = (this.#failures.get(origin) ?? 0) + 1;
    this.#failures.set(origin, answer.hasWorked ? 0 : failures);
    if (!answer.hasWorked && !answer.isTokenOld && failures < FIRST_FAILURES) return false;
    const latest = this.#renewals.get(stream);
    // Requests that were sent with the same token share one renewal.
    if (latest?.version === version) return latest.isDone;
    if (latest && nowMs - latest.startedAtMs < INTERVAL_MS) return false;
    const isDone = this.#isInTime(renewToken());
    this.#renewals.set(stream, { version, startedAtMs: nowMs, isDone });
    return isDone;
  }

  async #isInTime(renewal: Promise<unknown>): Promise<boolean> {
    const deadline = startDeadline(this.#clock, WAIT_MS);
    const isOver = new Promise<false>((resolve) => {
      deadline.signal.addEventListener('abort', () => resolve(false), { once: true });
    });
    const isRenewed = renewal.then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([isRenewed, isOver]);
    } finally {
      deadline.end();
    }
  }
}

/** The tokens of an authorizer. */
export interface HiddenTokens {
  peek(stream: string): Token | null;
  /** Requests another token while this one stays in use. */
  renew?(stream: string, version: number): Promise<unknown>;
  /** The time by which the tokens' times are given, in milliseconds. */
  now?(): number;
}

const known = new WeakMap<HiddenTokens, HiddenRefusals>();

/** Renews the token of a request if its unreadable response may be a refusal. Resolves with whether there is another one. */
export async function renewHidden(
  tokens: HiddenTokens,
  answer: Omit<UnreadableAnswer, 'isTokenOld' | 'nowMs'>,
): Promise<boolean> {
  if (!tokens.renew) return false;
  let refusals = known.get(tokens);
  if (!refusals) known.set(tokens, (refusals = new HiddenRefusals()));
  const { stream, version } = answer;
  const facts = { ...answer, isTokenOld: isOld(tokens, stream), nowMs: performance.now() };
  // Without the signal of this request, because others may wait for the same token.
  return refusals.renew(facts, async () => tokens.renew?.(stream, version));
}

/** Has more than half of the token's life passed? */
function isOld(tokens: HiddenTokens, stream: string): boolean {
  const token = tokens.peek(stream);
  if (token === null) return true;
  const nowMs = tokens.now?.() ?? -Infinity;
  return nowMs - token.receivedAtMs > (token.expiresAtMs ?? Infinity) - nowMs;
}
