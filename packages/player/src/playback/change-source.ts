import { playsRawSource } from '../engine/registry.js';
import { compareSources } from '../source/compare-sources.js';
import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { resolveSource } from '../source/resolve-source.js';
import type { Playback } from './playback.js';

/** What a change of source needs from the player. */
export interface SourceChangeHost {
  readonly playback: Playback | null;
  load(source: PlayerSource): void;
  /** Creates a playback without starting it. */
  create(source: ResolvedSource): Playback;
  /** Returns whether the source needs tokens. */
  isProtected(source: ResolvedSource): boolean;
  /** Makes `next` the player's current playback. */
  replace(next: Playback): void;
}

/** How a call of `updateSource` ended. */
export type UpdateStatus = 'updated' | 'unchanged' | 'superseded';

/** Result of a change, with the names of the fields that differ. */
export interface SourceChange {
  readonly status: UpdateStatus;
  readonly changed: readonly string[];
}

/**
 * Changes the source while it plays.
 *
 * @throws GatecastError when the next source cannot be played; the old one continues.
 */
export async function changeSource(
  host: SourceChangeHost,
  source: PlayerSource,
  signal: AbortSignal,
): Promise<SourceChange> {
  const current = host.playback;
  if (!current || current.state === 'failed') {
    host.load(source);
    return { status: 'updated', changed: ['entries'] };
  }
  const next = resolveSource(source, document.baseURI);
  const difference = compareSources(current.source, next, playsRawSource(current.engineName));
  if (difference.kind !== 'switch' && host.isProtected(next) !== current.isProtected) {
    // The way requests are authorised changes, so replacing the tokens alone is not enough.
    const isDone = await switchSource(host, current, next, signal);
    return { status: isDone ? 'updated' : 'superseded', changed: ['security'] };
  }
  switch (difference.kind) {
    case 'none':
      return { status: 'unchanged', changed: [] };
    case 'security':
      // The next request uses the new tokens. Playback is not interrupted.
      for (const [stream, security] of difference.tokens) current.tokens.seed(stream, security);
      current.source = next;
      return { status: 'updated', changed: difference.changed };
    case 'switch': {
      const isDone = await switchSource(host, current, next, signal);
      return { status: isDone ? 'updated' : 'superseded', changed: difference.changed };
    }
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
  const next = host.create(source);
  try {
    await next.prepare(signal);
  } catch (error) {
    next.stop();
    if (signal.aborted) return false;
    throw error;
  }
  if (signal.aborted || host.playback !== current) {
    next.stop();
    return false;
  }
  const position = current.position();
  current.stop();
  host.replace(next);
  next.start(position);
  try {
    await next.begun;
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
