import { GatecastError } from '@gatecast/token';
import { after } from './after.js';
import type { NoPicture } from './reason-of.js';
import type { SpareWay } from './spare-way.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import {
  CODE_AFTER_MS,
  PREPARE_AFTER_MS,
  YIELD_AFTER_MS,
  YIELD_ALONE_AFTER_MS,
  YIELD_WITH_MEDIA_AFTER_MS,
} from './way-limits.js';

/** How a start has ended; `null`: it plays. */
export type StartOutcome = NoPicture | null;

export interface StartWatch {
  readonly options: WayKeeperOptions;
  readonly spare: SpareWay;
  readonly current: WayPlayback;
  /** Has it been prepared, so that only the media element has no picture yet? */
  readonly hasMedia: boolean;
  /** Aborts when the outcome does not count. */
  readonly signal: AbortSignal;
}

/** Waits for the first media of an engine that yields. The next one is prepared meanwhile. */
export async function watchStart(watch: StartWatch): Promise<StartOutcome> {
  const { options, spare, current, signal } = watch;
  const { clock } = options;
  const begun = current.begun.then(
    () => null,
    (error: unknown) => (error instanceof GatecastError ? error : 'blocked'),
  );
  await Promise.race([begun, current.haveTokens(signal).catch(() => undefined)]);
  // On a slow network, its code comes later than they do.
  const isLate = new Promise<void>((resolve) => after(clock, CODE_AFTER_MS, signal, resolve));
  await Promise.race([begun, current.readyToPlay().catch(() => undefined), isLate]);
  after(clock, PREPARE_AFTER_MS, signal, () => void spare.prepare(current));
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
      const isComing = current.engine?.livePosition != null;
      if (!hasMedia && !isComing) {
        check();
        return;
      }
      later(YIELD_WITH_MEDIA_AFTER_MS - YIELD_AFTER_MS, check);
      // The picture may come in a moment, or never: that of the next engine is there in time.
      if (!hasMedia) void spare.prepare(current).then((isReady) => isReady && yieldNow());
    });
  });
}
