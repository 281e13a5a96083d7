/** Work for several items, one after the other. */
export interface WorkAhead<Item, Result> {
  /** The result of an item's work. */
  readonly of: (item: Item) => Promise<Result>;
  /** Resolves when all work has ended, also if some of it failed. */
  readonly end: Promise<unknown>;
}

/**
 * Does the work for each item, one after the other, while tests use what is done. An item whose work failed does not
 * stop the next.
 */
export function workAhead<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): WorkAhead<Item, Result> {
  const results = new Map<Item, Promise<Result>>();
  let end: Promise<unknown> = Promise.resolve();
  for (const item of items) {
    const result = end.then(() => work(item));
    results.set(item, result);
    end = result.catch(() => undefined);
  }
  return {
    of: (item) => results.get(item) ?? Promise.reject(new RangeError('There is no such item.')),
    end,
  };
}
