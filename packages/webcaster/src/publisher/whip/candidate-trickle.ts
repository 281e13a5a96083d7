import { delay, type Clock } from '@gatecast/token';
import { buildFragment, readFragment } from './trickle-fragment.js';

/** Candidates found within this time travel together. */
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
  #isHeld = false;
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

  /** Begins a new ICE generation, whose candidates wait for {@link takeFragment}. */
  hold(): void {
    this.#isHeld = true;
    this.#candidates = [];
    this.#isComplete = false;
  }

  /** What was found so far, after waiting a moment for more; from then on candidates are sent again. */
  async takeFragment(maxWaitMs: number, signal: AbortSignal): Promise<string> {
    if (!this.#isComplete) {
      const wait = new AbortController();
      const stopWaiting = () => wait.abort();
      signal.addEventListener('abort', stopWaiting);
      this.#onComplete = stopWaiting;
      // Ended early by completeness or by the caller's signal; neither is an error here.
      await delay(this.#clock, maxWaitMs, wait.signal).catch(() => undefined);
      this.#onComplete = null;
      signal.removeEventListener('abort', stopWaiting);
      signal.throwIfAborted();
    }
    this.#isHeld = false;
    return this.#take();
  }

  async #flush(): Promise<void> {
    if (this.#isSending || this.#isHeld) return;
    this.#isSending = true;
    try {
      await delay(this.#clock, BATCH_MS, this.#signal);
      while (this.#hasSendable) await this.#send(this.#take());
    } catch {
      // The session ended, or its own requests tell what is wrong with the ingest: candidates are a courtesy.
    } finally {
      this.#isSending = false;
    }
  }

  get #hasSendable(): boolean {
    return !this.#isHeld && this.#candidates.length > 0;
  }

  #take(): string {
    const sdp = this.#peer.localDescription?.sdp ?? '';
    const { ufrag = '', pwd = '' } = readFragment(sdp) ?? {};
    const candidates = this.#candidates;
    this.#candidates = [];
    return buildFragment(sdp, { ufrag, pwd, candidates, isComplete: this.#isComplete });
  }
}
