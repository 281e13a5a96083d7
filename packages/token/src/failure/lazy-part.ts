import { GatecastError, type ErrorCode } from '../errors.js';
import { systemClock, type Clock } from '../time/clock.js';
import { retryDelayMs } from './retry-delay.js';

export interface PartRequest {
  /** Ends the wait, together with the element. */
  readonly signal?: AbortSignal | undefined;
  /** How often to try before the call fails. @defaultValue without end */
  readonly tries?: number;
  /** The element's log, which gets an entry `part-failed` for each failed attempt. */
  readonly log?: { add(type: string, details: Record<string, unknown>): void };
  /** Called after each failed attempt. */
  readonly onFailure?: (error: GatecastError) => void;
}

/** Loads a part. @throws GatecastError when the attempts are used up; the signal's reason. */
export type LazyPart<T> = (request?: PartRequest) => Promise<T>;

export interface LazyPartOptions {
  /** Code of the error. @defaultValue `engine-load-failed` */
  readonly code?: ErrorCode;
  readonly clock?: Clock;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
  /** Imports a module by its address. */
  readonly importModule?: (url: string) => Promise<unknown>;
}

/** A browser that does not even ask the network answers this fast. */
const FROM_MEMORY_MS = 20;
/** A chunk that is still missing after these gets the waits of a backend, which grow. */
const QUICK_ATTEMPTS = 3;

/**
 * Code that is loaded when it is needed. A failed load is tried again, with the waits of `retryDelayMs`, and at once when
 * the page wakes or is online again. All callers share the attempts, and what is loaded once stays loaded. The first
 * failure is a warning in the console.
 *
 * Some browsers keep a failed load in memory and never ask again for its address (Firefox 153; the standard changed in
 * 2026, https://github.com/whatwg/html/pull/10327). There the address gets a fragment, which makes it a different key of
 * the module map. The module under the first address has never run, so it does not run twice. A page with an import map
 * may have integrity metadata for the first address only, so there the address stays as it is.
 *
 * @param member - name of the export that callers get, unless that is the default export.
 * @param load - a dynamic import and that export, written in the call, so that bundlers find both:
 *   `async () => (await import('./overlay.js')).Overlay`.
 */
export function lazyPart<T>(
  member: string,
  load: () => Promise<T>,
  {
    code = 'engine-load-failed',
    clock = systemClock,
    random = Math.random,
    importModule = importByUrl,
  }: LazyPartOptions = {},
): LazyPart<T> {
  let pending: Promise<T> | null = null;
  let failures = 0;
  let retryAtMs = -Infinity;

  async function attempt(): Promise<T> {
    const startedMs = clock.now();
    try {
      return await load();
    } catch (cause) {
      const { document } = globalThis as Partial<typeof globalThis>;
      const isFromMemory = failures > 0 && clock.now() - startedMs < FROM_MEMORY_MS;
      const [, url] = /dynamically imported module: (http\S+)$/.exec(String(cause)) ?? [];
      if (isFromMemory && url && !document?.querySelector('[type=importmap]')) {
        const module = (await importModule(`${url}#${String(failures)}`).catch(() => ({}))) as Partial<
          Record<string, T>
        >;
        const found = module[member] ?? module['default'];
        // The message may name a module that the part imports.
        if (found) return found;
      }
      const error = new GatecastError(code, `The code of ${member} could not be loaded.`, {
        hint: 'Serve the chunks beside the module, and allow them in script-src.',
        retryable: true,
        cause,
      });
      pending = null;
      failures += 1;
      const service = failures > QUICK_ATTEMPTS ? 'backend' : 'origin';
      retryAtMs = clock.now() + retryDelayMs({ attempt: failures, random: random(), service });
      if (failures === 1) console.warn(`Gatecast tries again: ${error.message} ${error.hint}`, error.cause);
      throw error;
    }
  }

  return async ({ signal, tries = Infinity, log, onFailure } = {}) => {
    for (let tried = 1; ; tried += 1) {
      if (!pending && !signal?.aborted && clock.now() < retryAtMs) await untilRetry(clock, retryAtMs, signal);
      try {
        signal?.throwIfAborted();
        const loaded = await (pending ??= attempt());
        signal?.throwIfAborted();
        return loaded;
      } catch (error) {
        signal?.throwIfAborted();
        const failure = error as GatecastError;
        log?.add('part-failed', { part: member, attempt: failures, reason: String(failure.cause) });
        onFailure?.(failure);
        if (tried >= tries) throw failure;
      }
    }
  };
}

/** Resolves at a time, when the page wakes or is online again, or when the signal aborts. */
function untilRetry(clock: Clock, deadlineMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      stopWaking();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.at(deadlineMs, end);
    const stopWaking = clock.onWake(end);
    signal?.addEventListener('abort', end);
  });
}

function importByUrl(url: string): Promise<unknown> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ url);
}
