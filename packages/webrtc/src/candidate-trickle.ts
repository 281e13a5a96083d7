import { delay, type Clock } from '@gatecast/token';
import { buildFragment, readFragment } from './trickle-fragment.js';

/** Candidates found within this time are sent together. */
const BATCH_MS = 50;

type SendFragment = (body: string) => Promise<void>;

/** Collects local ICE candidates and sends them in batches, one request at a time. */
export class CandidateTrickle {
  readonly #peer: RTCPeerConnection;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #send: SendFragment;
  #candidates: string[] = [];
  #isComplete = false;
  #isSending = false;
  #isOnHold = false;
  #onComplete: (() => void) | null = null;

  constructor(peer: RTCPeerConnection, clock: Clock, signal: AbortSignal, send: SendFragment) {
    this.#peer = peer;
    this.#clock = clock;
    this.#signal = signal;
    this.#send = send;
    peer.addEventListener(
      'icecandidate',
      ({ candidate }) => {
        if (candidate?.candidate) this.#candidates.push(candidate.candidate);
        else this.#isComplete = true;
        if (this.#isComplete) this.#onComplete?.();
        void this.#flush();
      },
      { signal },
    );
  }

  /** Starts a new ICE generation. Its candidates wait for {@link takeFragment}. */
  hold(): void {
    this.#isOnHold = true;
    this.#candidates = [];
    this.#isComplete = false;
  }

  /** The candidates found within `maxWaitMs`. Later ones are sent as usual. */
  async takeFragment(maxWaitMs: number, signal: AbortSignal): Promise<string> {
    if (!this.#isComplete) {
      const wait = new AbortController();
      const stopWaiting = () => wait.abort();
      signal.addEventListener('abort', stopWaiting);
      this.#onComplete = stopWaiting;
      // It ends early when gathering is complete or the signal aborts; neither is an error here.
      await delay(this.#clock, maxWaitMs, wait.signal).catch(() => undefined);
      this.#onComplete = null;
      signal.removeEventListener('abort', stopWaiting);
      signal.throwIfAborted();
    }
    this.#isOnHold = false;
    return this.#take();
  }

  async #flush(): Promise<void> {
    if (this.#isSending || this.#isOnHold) return;
    this.#isSending = true;
    try {
      await delay(this.#clock, BATCH_MS, this.#signal);
      while (this.#hasSendable) await this.#send(this.#take());
    } catch {
      // The session has ended, or its own requests report what is wrong. Candidates are optional.
    } finally {
      this.#isSending = false;
    }
  }

  get #hasSendable(): boolean {
    return !this.#isOnHold && this.#candidates.length > 0;
  }

  #take(): string {
    const sdp = this.#peer.localDescription?.sdp ?? '';
    const { ufrag = '', pwd = '' } = readFragment(sdp) ?? {};
    const candidates = this.#candidates;
    this.#candidates = [];
    return buildFragment(sdp, { ufrag, pwd, candidates, isComplete: this.#isComplete });
  }
}
