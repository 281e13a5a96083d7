import { GatecastError, startDeadline, type Clock } from '@gatecast/token';
import type { PublisherContext } from '../publisher.js';
import { rtcUserError, rtcUserThrew } from './rtc-user-errors.js';
import { isBroadcasting } from './rtc-user-events.js';
import { saysMediaIsSent } from './sent-media.js';
import type { RtcUser, RtcUserEvent } from './rtc-user.js';

/** A call of the vendor's client: how it succeeds or fails, and its time limit. */
interface Step {
  readonly what: string;
  readonly success: string;
  /** Is this event the success? Others are ignored. */
  readonly isSuccess?: (event: RtcUserEvent) => boolean;
  readonly failures: readonly string[];
  readonly limitMs: number;
}

const STEPS = {
  signIn: { what: 'sign in', success: 'SignInSuccess', failures: ['SignInError'], limitMs: 10_000 },
  devices: {
    what: 'list the devices',
    success: 'ReceivedDeviceList',
    failures: ['GetDevicesError'],
    limitMs: 5000,
  },
  preview: {
    what: 'open the devices',
    success: 'StartPreviewSuccess',
    failures: ['StartPreviewError'],
    // The user answers the browser's permission prompt in this time.
    limitMs: 60_000,
  },
  broadcast: {
    what: 'send media',
    // Not StartBroadcastSuccess: after it, the connection for media may still fail.
    success: 'BroadcastStatus',
    isSuccess: isBroadcasting,
    failures: ['StartBroadcastError', 'BroadcastError'],
    limitMs: 15_000,
  },
  report: {
    what: 'report that media is sent',
    success: 'ReceivedWebRTCStats',
    isSuccess: (event: RtcUserEvent) => saysMediaIsSent(event) === true,
    failures: ['BroadcastError'],
    limitMs: 5000,
  },
} satisfies Record<string, Step>;

type Listener = (event: RtcUserEvent) => void;

/** Methods that a broadcast can do without. */
type Extra =
  | 'enableStats'
  | 'setConfig'
  | 'setMediaStream'
  | 'muteDevice'
  | 'muteAudio'
  | 'muteVideo'
  | 'stopPreview'
  | 'stopBroadcast'
  | 'signOut';

/** Turns the vendor's events into promises. Not every build can remove a listener, so one per event stays. */
export class RtcUserClient {
  readonly user: RtcUser;
  readonly #clock: Clock;
  readonly #log: PublisherContext['log'];
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #noted = new Set<string>();

  constructor(user: RtcUser, { clock, log }: Pick<PublisherContext, 'clock' | 'log'>) {
    this.user = user;
    this.#clock = clock;
    this.#log = log;
  }

  listen(name: string, listener: Listener): () => void {
    let listeners = this.#listeners.get(name);
    if (!listeners) {
      const created = new Set<Listener>();
      this.#listeners.set(name, (listeners = created));
      this.user.on(name, (event = {}) => {
        for (const each of [...created]) each(event);
      });
    }
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Starts a step and waits for its outcome.
   *
   * @returns the event that reports the success.
   * @throws GatecastError the vendor's error, or `connection-lost` when no event came in time.
   */
  run(name: keyof typeof STEPS, begin: (user: RtcUser) => void, signal: AbortSignal): Promise<RtcUserEvent> {
    const { what, success, isSuccess, failures, limitMs }: Step = STEPS[name];
    return new Promise((resolve, reject) => {
      const deadline = startDeadline(this.#clock, limitMs, signal);
      const end = () => {
        for (const stop of stops) stop();
        deadline.end();
      };
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const stops = [
        this.listen(success, (event) => {
          if (isSuccess && !isSuccess(event)) return;
          end();
          resolve(event);
        }),
        ...failures.map((failure) => this.listen(failure, (event) => fail(rtcUserError(event, what)))),
      ];
      const giveUp = () => fail(deadline.isOver ? noEvent(what, limitMs) : (signal.reason as Error));
      deadline.signal.addEventListener('abort', giveUp, { once: true });
      if (deadline.signal.aborted) {
        giveUp();
        return;
      }
      try {
        begin(this.user);
      } catch (cause) {
        fail(rtcUserThrew(cause, what));
      }
    });
  }

  /** Makes a call that the broadcast can do without; `false` if this build lacks it, or if it throws. */
  attempt<Name extends Extra>(name: Name, ...args: Parameters<NonNullable<RtcUser[Name]>>): boolean {
    const method: unknown = this.user[name];
    if (typeof method !== 'function') {
      this.note('vendor-call-missing', name);
      return false;
    }
    try {
      Reflect.apply(method, this.user, args);
      return true;
    } catch (cause) {
      this.note('vendor-call-failed', name, rtcUserThrew(cause, `call ${name}`));
      return false;
    }
  }

  /** Adds an entry to the diagnostics, once per call of the vendor's client. */
  note(type: string, call: string, error?: GatecastError): void {
    const key = `${type} ${call}`;
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#log(type, { call, ...(error && { error }) });
  }
}

function noEvent(what: string, limitMs: number): GatecastError {
  return new GatecastError(
    'connection-lost',
    `The vendor’s client did not ${what} in ${String(limitMs / 1000)} s.`,
    {
      hint: 'Check the attribute endpoint, the network, and that UDP to the vendor’s server is open.',
      retryable: true,
    },
  );
}
