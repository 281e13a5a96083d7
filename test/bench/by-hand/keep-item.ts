import type { FetchedItem, Item } from './fetch-item.js';

const RETRY_MS = 2000;

export interface KeptItem {
  /** The item, after a request if there is none or if it has ended. */
  current(): Promise<Item>;
  /** A new item. Callers at the same time share one request. */
  renew(reason: string): Promise<Item>;
  /** Renews the item in the last quarter of its life. Called again and again. */
  check(): void;
}

/** Keeps the item of a page valid. */
export function keepItem(fetchFresh: (reason: string) => Promise<FetchedItem>): KeptItem {
  let held: FetchedItem | undefined;
  let pending: Promise<Item> | undefined;
  let retryAtMs = 0;

  async function replace(reason: string): Promise<Item> {
    try {
      held = await fetchFresh(reason);
      return held.item;
    } finally {
      pending = undefined;
    }
  }
  const renew = (reason: string): Promise<Item> => (pending ??= replace(reason));

  return {
    renew,
    current: async () => (held && Date.now() < held.endsAtMs ? held.item : renew('initial')),
    check() {
      const nowMs = Date.now();
      if (!held || nowMs < Math.max(held.endsAtMs - held.lifeMs / 4, retryAtMs)) return;
      retryAtMs = nowMs + RETRY_MS;
      renew('scheduled').catch(() => undefined);
    },
  };
}
