import { GatecastError, systemClock, type Clock } from '@gatecast/token';
import { asPlaybackError } from '../source/source-errors.js';
import type { Playback } from './playback.js';
import { after } from './ways/after.js';
import { isUnsure } from './ways/prepared-media.js';
import { reasonOf, type NoPicture } from './ways/reason-of.js';
import { PREPARE_AFTER_MS, YIELD_AFTER_MS } from './ways/way-limits.js';

/** What of a playback decides whether it is the next one. */
export type NextPlayback = Pick<Playback, 'ways' | 'isSoundEnough' | 'haveTokens' | 'prepare' | 'stop'>;

/** A playback that is prepared, and why it is not by an engine before its own; `null`: it is by the first. */
export interface Prepared<Next> {
  readonly playback: Next;
  readonly reason: ReturnType<typeof reasonOf> | null;
  /** Is it not known whether it has anything to play? */
  readonly isUnsure?: boolean;
}

/**
 * Prepares a source by the first of its engines that gets media. If that takes long, the one after it is prepared beside it, and is
 * chosen if that takes too long. An engine whose picture is refused plays the sound alone if none after it has media. What is not chosen
 * is stopped.
 *
 * @param create - creates a playback by the engine at this place among those of the source, without starting it
 * @param way - place of the first engine to prepare; if no engine from there on has media, all are tried
 * @param signal - ends it all; not what has been chosen, if it aborts later
 * @throws GatecastError why the last engine gets no media; the signal's reason, or what it makes engines throw.
 */
export async function prepareNext<Next extends NextPlayback>(
  create: (way: number) => Next,
  way: number,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<Prepared<Next>> {
  const fromFirst = () => prepareFrom(create, 0, signal, clock);
  if (way === 0) return fromFirst();
  try {
    const prepared = await prepareFrom(create, way, signal, clock);
    if (!prepared.isUnsure) return prepared;
    prepared.playback.stop();
  } catch (error) {
    if (signal.aborted || !isOfEngine(error)) throw error;
  }
  return fromFirst();
}

async function prepareFrom<Next extends NextPlayback>(
  create: (way: number) => Next,
  way: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<Prepared<Next>> {
  const playback = create(way);
  const isLast = way + 1 >= playback.ways.length;
  const waits = new AbortController();
  const rest = new AbortController();
  const stop = (): void => rest.abort();
  signal.addEventListener('abort', stop, { once: true });
  let cause: NoPicture = 'blocked';
  let pending: Promise<Prepared<Next>> | null = null;
  let isChosen = false;
  const next = () => (pending ??= prepareFrom(create, way + 1, rest.signal, clock));
  const own = playback.prepare(signal).then((media): Prepared<Next> => {
    return { playback, reason: null, isUnsure: isUnsure(media) };
  });
  const isDue = new Promise<void>((resolve) => {
    own.catch((error: unknown) => {
      cause = asPlaybackError(error) ?? cause;
      resolve();
    });
    const onTokens = (): void => {
      after(clock, PREPARE_AFTER_MS, waits.signal, () => void next().catch(() => undefined));
      after(clock, YIELD_AFTER_MS, waits.signal, resolve);
    };
    // Without a token, both wait, and its error ends the wait.
    if (!isLast) playback.haveTokens(waits.signal).then(onTokens, () => undefined);
  });
  const other = async (): Promise<Prepared<Next>> => {
    await isDue;
    signal.throwIfAborted();
    const prepared = await next();
    const isRefused = prepared.isUnsure && isRefusedPicture(cause);
    const sound = isRefused ? await prepareSound(create(way), signal).catch(() => null) : null;
    if (sound) prepared.playback.stop();
    return sound ?? { ...prepared, reason: reasonOf(cause) };
  };
  try {
    const chosen = await (isLast ? own : Promise.any([own, other()]));
    isChosen = chosen.playback === playback;
    if (isChosen) rest.abort();
    return chosen;
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    // The last engine’s error: what the one before it lacks, it need not have.
    const last: unknown = error.errors.at(-1);
    if (signal.aborted || !isRefusedPicture(cause)) throw last;
    return await prepareSound(create(way), signal).catch(() => {
      throw last;
    });
  } finally {
    signal.removeEventListener('abort', stop);
    waits.abort();
    if (!isChosen) playback.stop();
    else void stopPrepared(pending);
  }
}

async function prepareSound<Next extends NextPlayback>(
  playback: Next,
  signal: AbortSignal,
): Promise<Prepared<Next>> {
  playback.isSoundEnough = true;
  try {
    await playback.prepare(signal);
    return { playback, reason: null };
  } catch (error) {
    playback.stop();
    throw error;
  }
}

function isRefusedPicture(cause: NoPicture): boolean {
  return cause !== 'blocked' && cause.code === 'codec-unsupported';
}

/** May another engine play the source nevertheless, with the same tokens? */
function isOfEngine(error: unknown): boolean {
  return error instanceof GatecastError && /^(?:source|codec|engine)-/.test(error.code);
}

async function stopPrepared(pending: Promise<Prepared<NextPlayback>> | null): Promise<void> {
  const prepared = await pending?.catch(() => null);
  prepared?.playback.stop();
}
