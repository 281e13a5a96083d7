import { GatecastError, type TokenValue } from '@gatecast/token';
import { engineDefinitions, playableSource } from '../engine/registry.js';
import { compareSources } from '../source/compare-sources.js';
import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { resolveSource } from '../source/resolve-source.js';
import type { PlaybackOptions, WayOptions } from './playback-host.js';
import type { Playback } from './playback.js';

/** What a change of source needs from the player. */
export interface SourceChangeHost {
  readonly playback: Playback | null;
  load(source: PlayerSource): void;
  /** Creates a playback without starting it. */
  create(source: ResolvedSource, more?: WayOptions): Playback;
  /** Returns how a source is authorised. */
  settings(source: ResolvedSource): Pick<PlaybackOptions, 'isProtected' | 'token'>;
  /** Makes `next` the player's current playback. */
  replace(next: Playback): void;
  /** Takes care of the engine that plays from now on, where several can play the source. */
  keepWays(): void;
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
  const before = host.playback;
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
    if (host.playback !== before) host.keepWays();
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
  const next = await prepareNext(host, source, signal);
  // Another engine may have begun to play the old source.
  const { playback } = host;
  if (!playback || signal.aborted || playback.source !== current.source) {
    next?.stop();
    return false;
  }
  if (!next) return false;
  const position = playback.position();
  playback.stop();
  host.replace(next);
  next.isOnTrial = true;
  next.start(position);
  try {
    await next.begun;
    next.isOnTrial = false;
    return true;
  } catch (error) {
    if (host.playback !== next) return false;
    next.stop();
    const old = host.create(current.source);
    host.replace(old);
    old.start(position);
    throw error;
  }
}

/** Prepares the first of the engines that can play. Resolves with `null` when another change superseded this one. */
async function prepareNext(
  host: SourceChangeHost,
  source: ResolvedSource,
  signal: AbortSignal,
): Promise<Playback | null> {
  for (let way = 0; ; way += 1) {
    const next = host.create(source, { way });
    try {
      await next.prepare(signal);
      return next;
    } catch (error) {
      next.stop();
      if (signal.aborted) return null;
      if (way + 1 >= next.ways.length) throw error;
    }
  }
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
