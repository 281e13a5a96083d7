import type { MediaResult } from '../../http/metrics.js';
import type { MediaMemory } from './media-memory.js';

/** Why media do not come. */
export type MediaFault = Extract<MediaResult, 'origin-busy' | 'origin-refused' | 'too-large' | 'memory-full'>;

/** What is known of media before their bytes. */
export interface MediaHead {
  readonly contentType: string;
  /** In bytes. */
  readonly length: number;
}

/** `open` while bytes may still come, `whole` with all of them, `failed` if some will not come. */
export type MediaState = 'open' | 'whole' | 'failed';

/**
 * An init or media segment on its way from the origin. Several responses read it at the same time, each at its own pace. Its
 * memory is released when it is neither kept for others nor read.
 */
export class MediaBody {
  readonly #memory: MediaMemory;
  readonly #abort = new AbortController();
  #state: MediaState = 'open';
  #head: MediaHead | null = null;
  #fault: MediaFault | null = null;
  #bytes = new Uint8Array(0);
  #filled = 0;
  #reserved = 0;
  #readers = 0;
  #isKept = false;
  #waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;

  constructor(memory: MediaMemory) {
    this.#memory = memory;
  }

  /** Aborts when it is given up: nobody reads it any more, or the origin is too slow. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get state(): MediaState {
    return this.#state;
  }

  /** `null` until the origin has begun to respond. */
  get head(): MediaHead | null {
    return this.#head;
  }

  /** Why it has failed; `null` if it has not, or nobody reads it any more. */
  get fault(): MediaFault | null {
    return this.#fault;
  }

  get isIdle(): boolean {
    return this.#readers === 0;
  }

  /** Reserves memory. @returns `false` if there is no room. */
  reserve(bytes: number): boolean {
    if (!this.#memory.reserve(bytes)) return false;
    this.#reserved += bytes;
    return true;
  }

  /** Begins with media for which memory is reserved. What is reserved beyond their length is released. */
  begin(head: MediaHead): void {
    if (this.#state !== 'open') return;
    this.#memory.release(this.#reserved - head.length);
    this.#reserved = head.length;
    this.#bytes = new Uint8Array(head.length);
    this.#head = head;
    this.#tell();
  }

  /** Adds bytes that have arrived. They must not be more than `head.length` in total; then it has failed. */
  append(chunk: Uint8Array): void {
    if (this.#state !== 'open') return;
    if (this.#filled + chunk.length > this.#bytes.length) {
      this.fail('origin-refused');
      return;
    }
    this.#bytes.set(chunk, this.#filled);
    this.#filled += chunk.length;
    this.#tell();
  }

  /** All bytes have arrived. If there are fewer than `head.length`, it has failed. */
  end(): void {
    if (this.#state !== 'open') return;
    if (!this.#head || this.#filled < this.#head.length) {
      this.fail('origin-refused');
      return;
    }
    this.#state = 'whole';
    this.#tell();
  }

  fail(fault: MediaFault | null): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#fault = fault;
    this.#isKept = false;
    this.#tell();
    this.#release();
  }

  /** The bytes from a position that have arrived. They are shared: do not change them. */
  read(from: number): Uint8Array {
    return this.#bytes.subarray(from, this.#filled);
  }

  /** Resolves when there are more bytes, a head or another state. */
  changed(): Promise<void> {
    if (this.#waiting) return this.#waiting.promise;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((resolvePromise) => {
      resolve = resolvePromise;
    });
    this.#waiting = { promise, resolve };
    return promise;
  }

  /** Resolves with all bytes; `null` if it has failed. */
  async whole(): Promise<Uint8Array | null> {
    while (this.#state === 'open') await this.changed();
    return this.#state === 'whole' ? this.#bytes : null;
  }

  /** Starts to read it. Call `leave` once afterwards. */
  enter(): this {
    this.#readers += 1;
    return this;
  }

  leave(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    if (this.#state === 'open') this.cancel();
    this.#release();
  }

  /** Gives up before its end. @param fault - `null` if nobody reads it any more. */
  cancel(fault: MediaFault | null = null): void {
    this.fail(fault);
    this.#abort.abort(new DOMException('The media are not needed any more.', 'AbortError'));
  }

  /** Keeps it for later readers. */
  keep(): void {
    this.#isKept = this.#state !== 'failed';
  }

  /** Keeps it only for its current readers. */
  drop(): void {
    this.#isKept = false;
    this.#release();
  }

  #release(): void {
    if (this.#isKept || this.#readers > 0) return;
    this.#memory.release(this.#reserved);
    this.#reserved = 0;
    this.#bytes = new Uint8Array(0);
    this.#filled = 0;
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve();
  }
}
