import type { RefreshReason, TokenPurpose } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import { isSameValue, type Token } from '../source/token.js';
import { partsOf, readTokenValue } from '../source/read-token-item.js';
import { retryDelayMs } from '../failure/retry-delay.js';
import type { TokenSource } from '../source/token-source.js';
import type { SharedToken } from '../tabs/tab-message.js';
import { createToken } from './create-token.js';
import { hasEnded } from './has-ended.js';
import type { ManagerContext } from './manager-context.js';
import { refreshLeadMs } from './refresh-schedule.js';
import type { RefreshTimer } from './refresh-timer.js';
import { remainingLifeMs, type RenewalReason, type TokenSlot } from './token-slot.js';

/** What tabs need of the requests of a manager. */
export interface TabRequests {
  readonly source: TokenSource;
  readonly timer: Pick<RefreshTimer, 'schedule' | 'retryIn'>;
  readonly purpose: TokenPurpose;
  /** Requests tokens for slots; with a failure, puts that into them instead. Never rejects. */
  send(slots: readonly TokenSlot[], reason: RefreshReason, failure?: GatecastError): Promise<void>;
  start(slot: TokenSlot, reason: RefreshReason): void;
  cancel(slot: TokenSlot): void;
  /** Lets one request be sent now, whatever was before. */
  allowOne(): void;
  accept(slot: TokenSlot, token: Token, reason: RenewalReason, durationMs: number, random: number): void;
}

/** If the estimate of the server's time differs by more than this from that of another tab, the other one counts. */
const CLOCK_STEP_MS = 500;
/** No tab has had a token for longer than a year. */
const OLDEST_MS = 365 * 86_400_000;

/**
 * The tokens of a tab that others may have: those from its backend, and those from other tabs. Tokens that the page gives, and
 * those that a media origin has renewed, stay here.
 */
export class TabTokens {
  readonly #context: ManagerContext;
  readonly #requests: TabRequests;
  readonly #shared = new Map<string, Token>();

  constructor(context: ManagerContext, requests: TabRequests) {
    this.#context = context;
    this.#requests = requests;
  }

  /** The new token of a slot, as other tabs get it. */
  share({ stream, token }: TokenSlot): SharedToken[] {
    if (!token) return [];
    this.#shared.set(stream, token);
    return [asShared(token)];
  }

  /** Those of the streams that are fresh enough for a tab that starts. */
  fresh(streams: readonly string[]): SharedToken[] {
    const { slots, leases, serverClock } = this.#context;
    const nowMs = serverClock.now();
    return streams.flatMap((stream) => {
      const token = this.#shared.get(stream);
      const slot = slots.get(stream);
      if (!token || slot?.token !== token || slot.isRejected) return [];
      // An origin refuses it, and it is used again only because the backend has no other one.
      if (slot.refused && isSameValue(slot.refused, token.value)) return [];
      const { expiresAtMs, receivedAtMs } = token;
      if (expiresAtMs === null) return [asShared(token)];
      const leadMs = refreshLeadMs(expiresAtMs - receivedAtMs, leases.leadMs(stream));
      return nowMs < expiresAtMs - leadMs ? [asShared(token)] : [];
    });
  }

  /**
   * Uses a token of another tab, if it is newer than the one that is here. Not after the end of the access: it goes on only
   * when the page, the viewer or the backend acts here.
   *
   * @param rejections - tokens in a row that an origin refused before it, so that this tab does not ask again at once either.
   */
  take(shared: SharedToken, rejections: number): void {
    const { clock, slots, random } = this.#context;
    const slot = slots.get(shared.stream);
    if (!slot || hasEnded(slot) || !this.#isNewer(slot, shared)) return;
    const token = this.#read(slot, shared);
    if (!token) return;
    const wasRejected = slot.isRejected;
    const randomNumber = random();
    this.#requests.cancel(slot);
    this.#requests.accept(slot, token, 'tab', 0, randomNumber);
    // A listener may have released the stream, or set another token.
    if (slot.token !== token) return;
    this.#shared.set(shared.stream, token);
    // The other tab has spread its first refresh apart from those of other viewers.
    slot.isSteady = true;
    this.#requests.timer.schedule(slot);
    if (!wasRejected && rejections === 0) return;
    slot.rejections = Math.max(slot.rejections, rejections, 1);
    slot.rejectionHoldUntilMs =
      clock.now() + retryDelayMs({ attempt: slot.rejections, random: randomNumber });
  }

  /**
   * Uses the server's time as another tab estimates it: as good as the time of a token that was just issued. What the server
   * itself tells this tab counts more.
   *
   * @param serverMs - now, in milliseconds since the epoch.
   * @param expiresAtMs - the expiry of a token that the server has just sent.
   */
  setServerTime(serverMs: number, expiresAtMs: number | null): void {
    const { clock, serverClock, slots } = this.#context;
    const nowMs = clock.now();
    if (serverClock.isKnown && Math.abs(serverMs - serverClock.now()) < CLOCK_STEP_MS) return;
    // The time of issue is rounded down, by half a second on average.
    serverClock.observeIssuedAt(serverMs - 500, nowMs, true, expiresAtMs);
    for (const slot of slots.values()) this.#requests.timer.schedule(slot);
  }

  forget(): void {
    this.#shared.clear();
  }

  #isNewer(slot: TokenSlot, { receivedAtMs, expiresAtMs }: SharedToken): boolean {
    const { token, isRejected, phase } = slot;
    // What the page wants to know now is not in a token of before.
    if (phase.kind !== 'idle' && phase.kind !== 'failed' && phase.reason === 'manual') return false;
    const nowMs = this.#context.serverClock.now();
    if ((expiresAtMs !== null && expiresAtMs <= nowMs) || receivedAtMs < nowMs - OLDEST_MS) return false;
    if (!token || (!isRejected && remainingLifeMs(slot, nowMs) <= 0)) return true;
    // A token of the page or of a media origin stays until it is due.
    if (phase.kind === 'idle' && !isRejected && this.#shared.get(slot.stream) !== token) return false;
    return receivedAtMs > token.receivedAtMs;
  }

  /** `null` for what cannot be used, and for the token that is here or was refused here. */
  #read(slot: TokenSlot, { stream, value: given, expiresAtMs, receivedAtMs }: SharedToken): Token | null {
    const { token: old, refused } = slot;
    try {
      const value = readTokenValue(given);
      const isHidden = partsOf(value).some(({ cookie }) => cookie);
      if (!isHidden && refused && isSameValue(refused, value)) return null;
      const isLonger = (expiresAtMs ?? Infinity) > (old?.expiresAtMs ?? Infinity);
      if (!isHidden && old && isSameValue(old.value, value) && (slot.isRejected || !isLonger)) return null;
      const seconds = expiresAtMs === null ? undefined : expiresAtMs / 1000;
      const token = createToken(stream, value, seconds, this.#context, null);
      return { ...token, receivedAtMs: Math.min(receivedAtMs, token.receivedAtMs) };
    } catch {
      return null;
    }
  }
}

function asShared({ stream, value, expiresAtMs, receivedAtMs }: Token): SharedToken {
  return { stream, value, expiresAtMs, receivedAtMs };
}
