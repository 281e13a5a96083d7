/** Work for several items, one after the other. */
export interface WorkAhead<Item, Result> {
  /** The result of an item's work. */
  readonly of: (item: Item) => Promise<Result>;
  /** Resolves when all work that has begun has ended, also if some of it failed. */
  readonly end: () => Promise<unknown>;
}

/**
 * Does the work for an item when it is first asked for, and then that for the next one, while tests use what is done. An item
 * whose work failed does not stop the next.
 */
export function workAhead<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): WorkAhead<Item, Result> {
  const results = new Map<Item, Promise<Result>>();
  let end: Promise<unknown> = Promise.resolve();
  function resultOf(item: Item): Promise<Result> {
    const begun = results.get(item);
    if (begun) return begun;
    const result = end.then(() => work(item));
    results.set(item, result);
    end = result.catch(() => undefined);
    return result;
  }
  return {
    of(item) {
      const result = resultOf(item);
      for (const next of items.slice(items.indexOf(item) + 1).slice(0, 1)) void resultOf(next);
      return result;
    },
    end: () => end,
  };
}
