import { encodeToken } from './token-query.js';

/** Playlist texts by URL. */
export type Playlists = Readonly<Record<string, string>>;

/** For whom playlists are loaded. */
export interface PlaylistViewer {
  /** User of the token. Without one, nothing is shared: two tokens could be of the same person. */
  readonly user: string | undefined;
  /** Values of the token, which no other user may get. */
  readonly secrets: readonly string[];
}

export interface SharedPlaylistsOptions {
  /** Time for which playlists are shared, in milliseconds from the start of the first request; 0 shares nothing. */
  readonly cacheMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Load {
  readonly viewer: PlaylistViewer;
  readonly playlists: Promise<Playlists>;
}

/** A short time in which viewers of one address may share playlists. */
interface Period {
  readonly untilMs: number;
  readonly first: Load;
  /** Of the second user: the playlists to share, or `null` if those of both differ. */
  proof: Promise<Playlists | null> | null;
}

interface Address {
  period: Period | null;
  /** Times in a row that the playlists of two users differed. A live playlist may change between two requests. */
  differences: number;
  /** Until then each viewer loads separately. */
  separateUntilMs: number;
}

/** Largest number of addresses to remember. The oldest is removed first. */
const MAX_ADDRESSES = 200;
/** Longest playlists to keep, in characters. */
const MAX_SHARED_LENGTH = 262_144;
const MAX_DIFFERENCES = 3;
const SEPARATE_MS = 60_000;

/**
 * Lets viewers share what was loaded with another viewer's token, if it does not depend on the token.
 *
 * In each period the first two users load with their own tokens. Only if both get the same texts, and the texts contain
 * neither token, the others get these texts. Where texts differ several times in a row, each viewer loads separately.
 */
export class SharedPlaylists {
  readonly #cacheMs: number;
  readonly #now: () => number;
  readonly #addresses = new Map<string, Address>();

  constructor({ cacheMs, now }: SharedPlaylistsOptions) {
    this.#cacheMs = cacheMs;
    this.#now = now;
  }

  /**
   * @param key - what decides the content besides the user: the address, and the claims of the token.
   * @param load - loads with the viewer's own token. It must not reject.
   */
  async get(key: string, viewer: PlaylistViewer, load: () => Promise<Playlists>): Promise<Playlists> {
    if (this.#cacheMs <= 0 || viewer.user === undefined) return load();
    const address = this.#find(key);
    // A second attempt, because a live playlist may have changed between the two requests that were compared.
    for (let attempt = 0; attempt < 2 && address.separateUntilMs <= this.#now(); attempt += 1) {
      const { period } = address;
      if (!period || period.untilMs <= this.#now()) {
        const first = { viewer, playlists: load() };
        address.period = { untilMs: this.#now() + this.#cacheMs, first, proof: null };
        return first.playlists;
      }
      if (!period.proof) {
        const own = load();
        if (period.first.viewer.user === viewer.user) return own;
        period.proof = this.#compare(address, period, { viewer, playlists: own });
        return own;
      }
      const shared = await period.proof;
      if (shared) return shared;
    }
    return load();
  }

  async #compare(address: Address, period: Period, second: Load): Promise<Playlists | null> {
    const [one, other] = await Promise.all([period.first.playlists, second.playlists]);
    const text = JSON.stringify(one);
    const secrets = [...period.first.viewer.secrets, ...second.viewer.secrets];
    if (text === JSON.stringify(other) && !holdsOne(text, secrets)) {
      address.differences = 0;
      return text.length <= MAX_SHARED_LENGTH ? one : null;
    }
    if (address.period === period) address.period = null;
    address.differences += 1;
    if (address.differences >= MAX_DIFFERENCES) {
      address.differences = 0;
      address.separateUntilMs = this.#now() + SEPARATE_MS;
    }
    return null;
  }

  #find(key: string): Address {
    for (const address of this.#addresses.values()) {
      // The texts are not needed any more.
      if (address.period && address.period.untilMs <= this.#now()) address.period = null;
    }
    const known = this.#addresses.get(key);
    if (known) return known;
    const address: Address = { period: null, differences: 0, separateUntilMs: 0 };
    this.#addresses.set(key, address);
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > MAX_ADDRESSES && oldest !== undefined) this.#addresses.delete(oldest);
    return address;
  }
}

/** Does a text contain a token, also encoded, or the part of a JWT that makes it valid? */
function holdsOne(text: string, secrets: readonly string[]): boolean {
  const plain = text.replace(/%[0-7][0-9a-f]/gi, (byte) => decodeURIComponent(byte));
  return secrets.flatMap(formsOf).some((form) => text.includes(form) || plain.includes(form));
}

function formsOf(token: string): string[] {
  const signature = token.split('.').at(-1) ?? token;
  return [
    token,
    encodeToken(token),
    encodeURIComponent(token),
    ...(signature.length >= 16 ? [signature] : []),
  ];
}
