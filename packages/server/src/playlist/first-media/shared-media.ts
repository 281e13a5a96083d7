import type { MediaBody } from './media-body.js';
import { MediaMemory } from './media-memory.js';

/** A request for media, and what decides its bytes. */
export interface WantedMedia {
  /** Address and grant: viewers with the same ones may get the same bytes. */
  readonly key: string;
  /** What the media belong to, with the grant: two users have to get the same bytes of it before others share them. */
  readonly group: string;
  /** User of the token. Without one, nothing is shared: two tokens could be of the same person. */
  readonly user: string | undefined;
  /** Time for which the media are shared, in milliseconds from the start of their request; 0 shares nothing. */
  readonly shareMs: number;
  /** Requests them with the viewer's own token. */
  readonly load: () => MediaBody;
}

interface KeptMedia {
  readonly body: MediaBody;
  readonly user: string;
  readonly untilMs: number;
  /** Of the second user: do both have the same bytes? `null` if that cannot be said. */
  proof: Promise<boolean | null> | null;
}

interface Group {
  /** Until then media are shared without a comparison. */
  sharedUntilMs: number;
  /** Until then each viewer loads separately. */
  separateUntilMs: number;
}

/** Largest numbers of media and of groups to remember. The oldest are removed first. */
const MAX_KEPT = 500;
const MAX_GROUPS = 500;
/** Time for which the result of a comparison counts. */
const PROOF_MS = 60_000;

/**
 * Lets viewers share media, also while they are still coming from the origin.
 *
 * Of each group, the first two users load with their own tokens, once a minute. Only if both get the same bytes, the others share
 * what any of them loads. Where bytes differ, each viewer loads separately.
 */
export class SharedMedia {
  readonly #now: () => number;
  /** In the order of their last use. */
  readonly #kept = new Map<string, KeptMedia>();
  readonly #groups = new Map<string, Group>();
  readonly memory: MediaMemory;

  /**
   * @param memoryBytes - memory for all media.
   * @param now - milliseconds since the epoch.
   */
  constructor(memoryBytes: number, now: () => number) {
    this.#now = now;
    this.memory = new MediaMemory(memoryBytes, () => this.#evict());
  }

  /** Resolves with media that the viewer may read. They count as read: call `leave` once afterwards. */
  async open(wanted: WantedMedia): Promise<MediaBody> {
    const { key, user, shareMs, load } = wanted;
    const group = this.#group(wanted.group);
    if (user === undefined || shareMs <= 0 || group.separateUntilMs > this.#now()) return load().enter();
    const kept = this.#find(key);
    if (!kept) {
      this.#removeOld();
      const body = load().enter();
      body.keep();
      this.#kept.set(key, { body, user, untilMs: this.#now() + shareMs, proof: null });
      return body;
    }
    if (kept.user === user || group.sharedUntilMs > this.#now()) return kept.body.enter();
    if (!kept.proof) {
      const own = load().enter();
      kept.proof = this.#compare(group, key, kept, own);
      return own;
    }
    const body = kept.body.enter();
    if ((await kept.proof) === true) return body;
    body.leave();
    return load().enter();
  }

  async #compare(group: Group, key: string, kept: KeptMedia, own: MediaBody): Promise<boolean | null> {
    // As a reader, so that both arrive even if their viewers leave.
    const body = kept.body.enter();
    own.enter();
    const [one, other] = await Promise.all([body.whole(), own.whole()]);
    const isSame = one && other ? isEqual(one, other) : null;
    if (isSame === null) kept.proof = null;
    if (isSame === true) group.sharedUntilMs = this.#now() + PROOF_MS;
    if (isSame === false) {
      group.sharedUntilMs = 0;
      group.separateUntilMs = this.#now() + PROOF_MS;
      this.#remove(key, kept);
    }
    own.leave();
    body.leave();
    return isSame;
  }

  #find(key: string): KeptMedia | null {
    const kept = this.#kept.get(key);
    if (!kept) return null;
    if (kept.untilMs <= this.#now() || kept.body.state === 'failed') {
      this.#remove(key, kept);
      return null;
    }
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  #removeOld(): void {
    for (const [key, kept] of this.#kept) {
      if (kept.untilMs <= this.#now() || kept.body.state === 'failed') this.#remove(key, kept);
    }
    const [oldest] = this.#kept;
    if (this.#kept.size >= MAX_KEPT && oldest) this.#remove(...oldest);
  }

  #evict(): boolean {
    for (const [key, kept] of this.#kept) {
      if (!kept.body.isIdle) continue;
      this.#remove(key, kept);
      return true;
    }
    return false;
  }

  #remove(key: string, kept: KeptMedia): void {
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
    kept.body.drop();
  }

  #group(key: string): Group {
    const group = this.#groups.get(key) ?? { sharedUntilMs: 0, separateUntilMs: 0 };
    this.#groups.delete(key);
    this.#groups.set(key, group);
    const [oldest] = this.#groups.keys();
    if (this.#groups.size > MAX_GROUPS && oldest !== undefined) this.#groups.delete(oldest);
    return group;
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
