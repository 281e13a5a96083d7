import { GatecastError } from '@gatecast/token';
import { after } from './after.js';
import type { SpareWay } from './spare-way.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import {
  PREPARE_AFTER_MS,
  YIELD_AFTER_MS,
  YIELD_ALONE_AFTER_MS,
  YIELD_WITH_MEDIA_AFTER_MS,
} from './way-limits.js';

/** How a start has ended; `null`: it plays. */
export type StartOutcome = GatecastError | 'blocked' | null;

export interface StartWatch {
  readonly options: WayKeeperOptions;
  readonly spare: SpareWay;
  readonly current: WayPlayback;
  /** Has its media come already, so that only the picture is missing? */
  readonly hasMedia: boolean;
  /** Aborts when the outcome does not count. */
  readonly signal: AbortSignal;
}

/** Waits for the first media of an engine that yields. The next one is prepared meanwhile. */
export async function watchStart(watch: StartWatch): Promise<StartOutcome> {
  const { options, spare, current, signal } = watch;
  const begun = current.begun.then(
    () => null,
    (error: unknown) => (error instanceof GatecastError ? error : 'blocked'),
  );
  await Promise.race([begun, current.haveTokens(signal).catch(() => undefined)]);
  after(options.clock, PREPARE_AFTER_MS, signal, () => void spare.prepare(current));
  return Promise.race([begun, untilLate(watch)]);
}

/** Resolves when the next engine is to play in place of one without a picture. */
function untilLate({ options, spare, current, hasMedia, signal }: StartWatch): Promise<'blocked'> {
  const later = (ms: number, callback: () => void): void => after(options.clock, ms, signal, callback);
  return new Promise((resolve) => {
    const yieldNow = (): void => resolve('blocked');
    const check = (): void => {
      if (!spare.hasFailed) {
        yieldNow();
        return;
      }
      later(YIELD_ALONE_AFTER_MS - YIELD_AFTER_MS, yieldNow);
      void spare.ask(current, signal, yieldNow);
    };
    later(YIELD_AFTER_MS, () => {
      if (!hasMedia && current.engine?.livePosition == null) check();
      else later(YIELD_WITH_MEDIA_AFTER_MS - YIELD_AFTER_MS, check);
    });
  });
}
