import { GatecastError, type TokenValue } from '@gatecast/token';
import { chooseEngines, engineDefinitions, playableSource } from '../engine/registry.js';
import { findCapabilities } from '../loading/capabilities.js';
import { compareSources } from '../source/compare-sources.js';
import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { resolveSource } from '../source/resolve-source.js';
import type { PlaybackOptions, WayOptions } from './playback-host.js';
import type { Playback } from './playback.js';
import { prepareNext } from './prepare-next.js';
import type { EngineChangeReason } from './ways/engine-changed-event.js';

/** What a change of source needs from the player. */
export interface SourceChangeHost {
  readonly playback: Playback | null;
  load(source: PlayerSource): void;
  /** Creates a playback without starting it. */
  create(source: ResolvedSource, more?: WayOptions): Playback;
  /** Returns how a source is authorised. */
  settings(source: ResolvedSource): Pick<PlaybackOptions, 'isProtected' | 'token' | 'engine'>;
  /** Makes `next` the player's current playback. */
  replace(next: Playback): void;
  /**
   * Takes care of the engine that plays from now on, where several can play the source.
   *
   * @param reason - why it is not the first of them; `null`: as it was before
   */
  keepWays(reason: EngineChangeReason | null): void;
}

/** How a call of `updateSource` ended. */
export type UpdateStatus = 'updated' | 'unchanged' | 'superseded';

/** Result of a change, with the names of the fields that differ. */
export interface SourceChange {
  readonly status: UpdateStatus;
  readonly changed: readonly string[];
}

/** Changes that an engine is making: the next one waits for its outcome, which decides what it has to change. */
const pending = new WeakMap<Playback, Promise<unknown>>();

/**
 * Changes the source while it plays. None of the signals counts after the change.
 *
 * @param superseded - aborts when a newer change takes the place of this one.
 * @param callerSignal - of the page.
 * @throws GatecastError when the next source cannot be played; the old one continues. The reason of the page's signal.
 */
export async function changeSource(
  host: SourceChangeHost,
  source: PlayerSource,
  superseded: AbortSignal,
  callerSignal?: AbortSignal,
): Promise<SourceChange> {
  const work = new AbortController();
  const stop = (): void => work.abort();
  const signals = [superseded, ...(callerSignal ? [callerSignal] : [])];
  for (const signal of signals) signal.addEventListener('abort', stop);
  // They may have ended while this code was loading.
  if (signals.some(isOver)) stop();
  try {
    const change = await changeUnlessOver(host, source, work.signal);
    if (change.status === 'superseded') callerSignal?.throwIfAborted();
    return change;
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop);
  }
}

async function changeUnlessOver(
  host: SourceChangeHost,
  source: PlayerSource,
  signal: AbortSignal,
): Promise<SourceChange> {
  if (isOver(signal)) return { status: 'superseded', changed: [] };
  const next = resolveSource(source, document.baseURI);
  if (host.playback) await pending.get(host.playback)?.catch(() => undefined);
  if (isOver(signal)) return { status: 'superseded', changed: [] };
  const current = host.playback;
  if (!current || current.state === 'failed') {
    host.load(source);
    return { status: 'updated', changed: ['entries'] };
  }
  const difference = compareSources(current.source, next, engineDefinitions[current.engineName]);
  const isOtherwise = host.settings(next).isProtected !== current.isProtected;
  if (difference.kind === 'none') {
    if (!isOtherwise) return { status: 'unchanged', changed: [] };
  } else if (difference.kind === 'security' && !isOtherwise) {
    // The next request uses the new tokens. Playback is not interrupted.
    for (const [stream, security] of difference.tokens) current.tokens.seed(stream, security);
    current.source = next;
    return { status: 'updated', changed: difference.changed };
  }
  const { engine } = current;
  const isDone =
    engine?.changeSource && !isOtherwise
      ? await changeInEngine(host, current, next, signal)
      : await switchSource(host, current, next, signal);
  // When only the way in which requests are authorised changes, replacing the tokens alone is not enough.
  const changed = difference.kind === 'switch' ? difference.changed : ['security'];
  return { status: isDone ? 'updated' : 'superseded', changed };
}

/** Lets the engine change the source, which is quicker than another playback. Resolves as {@link switchSource} does. */
async function changeInEngine(
  host: SourceChangeHost,
  current: Playback,
  next: ResolvedSource,
  signal: AbortSignal,
): Promise<boolean> {
  const { tokens, engineName } = current;
  const playable = playableSource(engineName, next);
  const { token } = host.settings(next);
  const old = [...tokens.streams];
  // Both, until it is known which source plays.
  tokens.setStreams([...old, ...playable.entries.map(({ stream }) => stream)]);
  const replaced = new Map<string, TokenValue>();
  for (const { stream, security } of playable.entries) {
    const given = security ?? (old.includes(stream) ? null : token);
    if (given === null) continue;
    const before = tokens.peek(stream);
    if (before && !replaced.has(stream)) replaced.set(stream, before.value);
    tokens.seed(stream, given);
  }
  const restoreTokens = () => {
    for (const [stream, value] of replaced) tokens.seed(stream, value);
  };
  // Started here, so that no other change comes between.
  const change = current.engine?.changeSource?.(playable, signal, restoreTokens);
  pending.set(current, Promise.resolve(change));
  try {
    await change;
    current.source = next;
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted || host.playback !== current) return false;
    if (error instanceof GatecastError) throw error;
    // The engine has ended meanwhile.
    return await switchSource(host, current, next, signal);
  } finally {
    pending.delete(current);
    if (host.playback === current) tokens.setStreams(current.entries.map(({ stream }) => stream));
  }
}

/**
 * Prepares the next source while the old one plays, then replaces it. If the next source fails after that, the old
 * one is started again. Resolves with false when another change superseded this one.
 */
async function switchSource(
  host: SourceChangeHost,
  current: Playback,
  source: ResolvedSource,
  signal: AbortSignal,
): Promise<boolean> {
  const prepared = await prepareNext(
    (way) => host.create(source, { way }),
    firstWay(host, current, source),
    signal,
  ).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  // Another engine may have begun to play the old source.
  const { playback } = host;
  if (!playback || signal.aborted || playback.source !== current.source) {
    prepared?.playback.stop();
    return false;
  }
  if (!prepared) return false;
  const next = prepared.playback;
  const position = playback.position();
  playback.stop();
  host.replace(next);
  next.isOnTrial = true;
  next.start(position);
  try {
    await next.begun;
    next.isOnTrial = false;
    host.keepWays(prepared.reason);
    return true;
  } catch (error) {
    if (host.playback !== next) return false;
    next.stop();
    const old = host.create(current.source, { way: playback.ways.indexOf(playback.engineName) });
    host.replace(old);
    old.start(position);
    host.keepWays(null);
    throw error;
  }
}

/** A viewer of an engine that had to take the place of another one is not made to wait for that one again: it is tried later. */
function firstWay(host: SourceChangeHost, current: Playback, source: ResolvedSource): number {
  if (current.ways[0] === current.engineName) return 0;
  const ways = chooseEngines(host.settings(source).engine, findCapabilities(), source);
  return Math.max(0, ways.indexOf(current.engineName));
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
