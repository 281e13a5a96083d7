/**
 * Calls `check` twice a second, and at once when the page is back from sleep, from the cache of the browser or from a loss of
 * network. A timer for the whole life of a token would be late after sleep. Returns a function that ends it.
 */
export function onWallClock(check: () => void): () => void {
  const timer = setInterval(check, 500);
  const events = new AbortController();
  const { signal } = events;
  document.addEventListener('visibilitychange', check, { signal });
  addEventListener('pageshow', check, { signal });
  addEventListener('online', check, { signal });
  return () => {
    clearInterval(timer);
    events.abort();
  };
}
