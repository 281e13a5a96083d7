import { delay, lazyPart, systemClock, type EditPlaylist } from '@gatecast/token';
import type { BeginHost } from './begin/begin-elsewhere.js';

declare global {
  interface Document {
    /** Chromium only: https://wicg.github.io/nav-speculation/prerendering.html */
    readonly prerendering?: boolean;
  }
}

/** Requests for media wait no longer for the code that says where they begin. */
const LONGEST_MS = 2000;

/** What few pages ask for. */
const beginningsPart = lazyPart('beginnings', async () => (await import('./begin/beginnings.js')).beginnings);

/** What a load waits for, and what goes with it until the next one. */
export interface LoadGate {
  /**
   * Does a load have to wait, because the page is prerendered, or because the element has `loading="lazy"` and is far from
   * what the viewer sees? Then it comes again.
   */
  isClosed(isAsked: boolean, isWanted: boolean): boolean;
  /**
   * Lets the source that is loaded next begin at the start time or where the viewer was, if the element has such an attribute.
   * If the code for that does not come in time, it begins at the default.
   */
  begin(): Promise<EditPlaylist> | null;
  stop(): void;
}

export function createLoadGate(host: BeginHost): LoadGate {
  let life = new AbortController();
  return {
    isClosed: (isAsked, isWanted) => {
      life.abort();
      life = new AbortController();
      const isLazy = !isAsked && host.element.loading === 'lazy';
      const isPrerendered = isWanted && document.prerendering;
      const load = (): unknown => host.load(isAsked);
      const { signal } = life;
      // Only the signal ends the attempts.
      if (isLazy)
        beginningsPart({ signal }).then(
          (parts) => parts.whenNear(host, signal),
          () => undefined,
        );
      else if (isPrerendered) document.addEventListener('prerenderingchange', load, { once: true, signal });
      return !!(isLazy || isPrerendered);
    },
    begin: () => {
      const { startTime, remember } = host.element;
      if (startTime === null && !remember) return null;
      const { signal } = life;
      const unchanged: EditPlaylist = (text) => text;
      return Promise.race([
        beginningsPart({ signal }).then((parts) => parts.beginElsewhere(host, signal)),
        delay(systemClock, LONGEST_MS, signal).then(() => unchanged),
      ]).catch(() => unchanged);
    },
    stop: () => life.abort(),
  };
}
