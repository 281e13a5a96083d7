import { GatecastError, startDeadline, type Clock } from '@gatecast/token';
import type { RtcUser, RtcUserEvent } from './rtc-user.js';
import { rtcUserError } from './rtc-user-errors.js';

/** A call of the vendor's client: its success event, its failure event and its time limit. */
interface Step {
  readonly what: string;
  readonly success: string;
  readonly failure: string;
  readonly limitMs: number;
}

const STEPS = {
  signIn: { what: 'sign in', success: 'SignInSuccess', failure: 'SignInError', limitMs: 10_000 },
  preview: {
    what: 'open the devices',
    success: 'StartPreviewSuccess',
    failure: 'StartPreviewError',
    // The user answers the browser's permission prompt in this time.
    limitMs: 60_000,
  },
  broadcast: {
    what: 'start the broadcast',
    success: 'StartBroadcastSuccess',
    failure: 'StartBroadcastError',
    limitMs: 15_000,
  },
} satisfies Record<string, Step>;

type Listener = (event: RtcUserEvent) => void;

/** Turns the vendor's events into promises. The vendor cannot remove a listener, so one per event stays. */
export class RtcUserClient {
  readonly user: RtcUser;
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(user: RtcUser, clock: Clock) {
    this.user = user;
    this.#clock = clock;
  }

  listen(name: string, listener: Listener): () => void {
    let listeners = this.#listeners.get(name);
    if (!listeners) {
      const created = new Set<Listener>();
      this.#listeners.set(name, (listeners = created));
      this.user.on(name, (event) => {
        for (const each of [...created]) each(event);
      });
    }
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Starts a step and waits for its outcome.
   *
   * @throws GatecastError the vendor's error, or `connection-lost` when no event came in time.
   */
  run(name: keyof typeof STEPS, begin: (user: RtcUser) => void, signal: AbortSignal): Promise<void> {
    const { what, success, failure, limitMs } = STEPS[name];
    return new Promise((resolve, reject) => {
      const deadline = startDeadline(this.#clock, limitMs, signal);
      const settle = (error?: Error) => {
        for (const stop of stops) stop();
        deadline.end();
        if (error) reject(error);
        else resolve();
      };
      const stops = [
        this.listen(success, () => settle()),
        this.listen(failure, (event) => settle(rtcUserError(event, what))),
      ];
      const giveUp = () => settle(deadline.isOver ? noEvent(what, limitMs) : (signal.reason as Error));
      deadline.signal.addEventListener('abort', giveUp, { once: true });
      if (deadline.signal.aborted) giveUp();
      else begin(this.user);
    });
  }
}

function noEvent(what: string, limitMs: number): GatecastError {
  return new GatecastError(
    'connection-lost',
    `The vendor’s client did not ${what} in ${String(limitMs / 1000)} s.`,
    {
      hint: 'Check endpoint and the network.',
      retryable: true,
    },
  );
}
