import { targetKey, type Revocation } from './revocation.js';

/** Whose access is checked. */
export interface RevocationSubject {
  readonly userTag?: string | undefined;
  readonly jti?: string | undefined;
  readonly stream?: string | undefined;
  /**
   * The earliest time at which access may have been granted, in milliseconds since the epoch. Without it, the grant counts as older
   * than any revocation.
   */
  readonly grantedAtMs?: number | undefined;
}

interface Entry {
  readonly revocation: Revocation;
  /** One for each secret. */
  readonly userTags: readonly string[] | undefined;
  /** Where it is found: by its narrowest member. */
  readonly buckets: readonly string[];
}

/** Difference of the clocks of two instances, in milliseconds, up to which no token of before survives. */
export const MOST_SKEW_MS = 5000;

/**
 * Revocations in memory, found without a look at those of others: one map look-up each for the token, the user and the stream.
 */
export class RevocationIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #buckets = new Map<string, Map<string, Entry>>();
  /** The latest time of a revocation that is for tokens of before only. */
  #latestMs = 0;
  readonly #tagsOf: (user: string) => readonly string[];

  constructor(tagsOf: (user: string) => readonly string[]) {
    this.#tagsOf = tagsOf;
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): Revocation[] {
    return [...this.#entries.values()].map(({ revocation }) => revocation);
  }

  set(revocation: Revocation): void {
    const key = targetKey(revocation);
    this.delete(key);
    const { user, jti, stream } = revocation;
    const userTags = user === undefined ? undefined : this.#tagsOf(user);
    const buckets =
      jti === undefined && userTags
        ? userTags.map((userTag) => bucketOf({ userTag }))
        : [bucketOf({ jti, stream })];
    const entry: Entry = { revocation, userTags, buckets };
    this.#entries.set(key, entry);
    if (revocation.newTokens === 'allow')
      this.#latestMs = Math.max(this.#latestMs, Math.round(revocation.revokedAt * 1000));
    for (const bucket of buckets) {
      const others = this.#buckets.get(bucket);
      if (others) others.set(key, entry);
      else this.#buckets.set(bucket, new Map([[key, entry]]));
    }
  }

  /** The time of a new revocation: after those that are known, whatever the clock says. */
  revocationTime(nowMs: number): number {
    return Math.max(nowMs, this.#latestMs + 1);
  }

  /**
   * The time for the id of a grant that is made now. Clocks differ, so a grant counts as {@link MOST_SKEW_MS} older than its id says.
   * One that is made after a revocation which is known here gets a later time, so that this does not concern it.
   */
  grantTime(nowMs: number): number {
    return this.#latestMs === 0 ? nowMs : Math.max(nowMs, this.#latestMs + MOST_SKEW_MS + 1);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (!entry) return false;
    this.#entries.delete(key);
    for (const name of entry.buckets) {
      const bucket = this.#buckets.get(name);
      bucket?.delete(key);
      if (bucket?.size === 0) this.#buckets.delete(name);
    }
    return true;
  }

  /** A revocation of the subject that is in force. */
  find(subject: RevocationSubject, nowMs: number): Revocation | undefined {
    if (this.#entries.size === 0) return undefined;
    const { jti, userTag, stream } = subject;
    return (
      (jti === undefined ? undefined : this.#findIn(bucketOf({ jti }), subject, nowMs)) ??
      (userTag === undefined ? undefined : this.#findIn(bucketOf({ userTag }), subject, nowMs)) ??
      (stream === undefined ? undefined : this.#findIn(bucketOf({ stream }), subject, nowMs))
    );
  }

  #findIn(bucket: string, subject: RevocationSubject, nowMs: number): Revocation | undefined {
    for (const entry of this.#buckets.get(bucket)?.values() ?? [])
      if (matches(entry, subject, nowMs)) return entry.revocation;
    return undefined;
  }
}

function bucketOf({ jti, userTag, stream = '' }: Omit<RevocationSubject, 'grantedAtMs'>): string {
  if (jti !== undefined) return `jti ${jti}`;
  return userTag === undefined ? `stream ${stream}` : `user ${userTag}`;
}

function matches({ revocation, userTags }: Entry, subject: RevocationSubject, nowMs: number): boolean {
  const { jti, stream, until, newTokens, revokedAt } = revocation;
  if (until * 1000 <= nowMs) return false;
  if (jti !== undefined && jti !== subject.jti) return false;
  if (userTags && !(subject.userTag !== undefined && userTags.includes(subject.userTag))) return false;
  if (stream !== undefined && stream !== subject.stream) return false;
  return newTokens === 'refuse' || (subject.grantedAtMs ?? 0) <= revokedAt * 1000;
}
