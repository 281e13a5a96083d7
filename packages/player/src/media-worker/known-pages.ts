/** Keeps the ids of the pages with a player while the worker does not run. */
export interface PageStore {
  has(id: string): Promise<boolean>;
  add(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  ids(): Promise<readonly string[]>;
}

/** More pages than this are not open at once. */
const MAX_PAGES = 100;

/** Which pages have a player. A page counts as one without until it has said hello: the media of other pages must not wait. */
export class KnownPages {
  readonly #store: PageStore;
  /** In the order of use. */
  readonly #pages = new Map<string, boolean>();

  constructor(store: PageStore) {
    this.#store = store;
  }

  /** `null` if only the store knows: the browser ends workers that have nothing to do. */
  hasPlayer(id: string): boolean | null {
    return this.#pages.get(id) ?? null;
  }

  async find(id: string): Promise<boolean> {
    const isStored = this.hasPlayer(id) ?? (await this.#store.has(id).catch(() => false));
    // It may have said hello meanwhile.
    return this.#remember(id, this.hasPlayer(id) ?? isStored);
  }

  /**
   * A page has told whether it has a player. Settles when that is stored, and never rejects.
   *
   * @param isOpen - is the page with this id still there? The ids of others are removed.
   */
  async note(id: string, hasPlayer: boolean, isOpen: (id: string) => Promise<boolean>): Promise<void> {
    this.#remember(id, hasPlayer);
    const store = this.#store;
    try {
      await (hasPlayer ? store.add(id) : store.remove(id));
      for (const other of await store.ids()) if (!(await isOpen(other))) await store.remove(other);
    } catch {
      // Without a store, the worker knows the page as long as it runs.
    }
  }

  #remember(id: string, hasPlayer: boolean): boolean {
    this.#pages.delete(id);
    this.#pages.set(id, hasPlayer);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    return hasPlayer;
  }
}

const CACHE = 'gatecast-media-1';
const PATH = '/gatecast-page/';

/** Ids as the addresses of empty responses: a worker has no simpler store. */
export function cachedPages(caches: CacheStorage, origin: string): PageStore {
  const urlOf = (id: string): string => new URL(PATH + encodeURIComponent(id), origin).href;
  const open = (): Promise<Cache> => caches.open(CACHE);
  return {
    has: async (id) => (await (await open()).match(urlOf(id))) !== undefined,
    add: async (id) => (await open()).put(urlOf(id), new Response(null)),
    remove: async (id) => {
      await (await open()).delete(urlOf(id));
    },
    ids: async () =>
      (await (await open()).keys()).map(({ url }) =>
        decodeURIComponent(new URL(url).pathname.slice(PATH.length)),
      ),
  };
}
