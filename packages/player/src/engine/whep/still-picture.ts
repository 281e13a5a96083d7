import type { Cancel, Clock } from '@gatecast/token';
import type { EngineReport } from '../engine.js';
import type { WhepSession } from './whep-session.js';

/** After the first second without a packet: with the next count. A still screen has about one packet a second. */
const PATIENCE_MS = 1250;
/** The session counts its packets each second. */
const POLL_MS = 250;

/**
 * Lets a media element say that its picture stands still. By itself it does not: its time goes on without media. It has no
 * `timeupdate` until the picture goes on.
 */
export class StillPicture {
  readonly #media: HTMLVideoElement;
  readonly #clock: Clock;
  #isAwaited = false;
  /** Holds `timeupdate` back; `null` while media comes. */
  #stillness: AbortController | null = null;
  #cancel: Cancel = () => undefined;

  constructor(media: HTMLVideoElement, clock: Clock) {
    this.#media = media;
    this.#clock = clock;
  }

  /** No packet has come for a second. */
  quiet(session: Pick<WhepSession, 'reports'>): void {
    const sinceMs = this.#clock.now();
    const packets = countPackets(session.reports[0]);
    const look = (): void => {
      if (countPackets(session.reports[0]) !== packets) {
        this.#goOn();
        return;
      }
      if (this.#clock.now() - sinceMs >= PATIENCE_MS) this.#stop();
      this.#cancel = this.#clock.at(this.#clock.now() + POLL_MS, look);
    };
    this.#cancel();
    this.#cancel = this.#clock.at(sinceMs + POLL_MS, look);
  }

  /** The engine reports something. */
  reported({ type }: EngineReport): void {
    if (type === 'trouble') this.#stop();
    else if (type === 'awaited') {
      this.#cancel();
      this.#isAwaited = true;
    } else if (type === 'resumed') {
      this.#isAwaited = false;
      this.#goOn();
    }
  }

  /** No session is shown. */
  end(): void {
    this.#cancel();
    this.#stillness?.abort();
    this.#stillness = null;
  }

  /** Another engine may play in the same element. */
  get #isShown(): boolean {
    return !this.#media.paused && this.#media.srcObject instanceof MediaStream;
  }

  #goOn(): void {
    const wasStill = this.#stillness !== null;
    this.end();
    if (wasStill && this.#isShown) this.#media.dispatchEvent(new Event('playing'));
  }

  #stop(): void {
    // That nobody sends is shown otherwise.
    if (this.#stillness || this.#isAwaited || !this.#isShown) return;
    this.#stillness = new AbortController();
    const { signal } = this.#stillness;
    const hold = (event: Event): void => event.stopImmediatePropagation();
    this.#media.addEventListener('timeupdate', hold, { capture: true, signal });
    // Then the page has a `playing` of the browser, or a pause.
    this.#media.addEventListener('pause', () => this.end(), { once: true, signal });
    this.#media.dispatchEvent(new Event('waiting'));
  }
}

function countPackets(report: RTCStatsReport | undefined): number {
  let count = 0;
  report?.forEach(({ type, packetsReceived = 0 }: RTCStats & { readonly packetsReceived?: number }) => {
    if (type === 'inbound-rtp') count += packetsReceived;
  });
  return count;
}
