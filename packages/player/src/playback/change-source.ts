import { compareSources } from '../source/compare-sources.js';
import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { resolveSource } from '../source/resolve-source.js';
import type { Playback } from './playback.js';

/** What a change of source needs of the player. */
export interface SourceChangeHost {
  readonly playback: Playback | null;
  load(source: PlayerSource): void;
  /** A playback that has not begun, and does not play yet. */
  create(source: ResolvedSource): Playback;
  /** Would a source play with tokens? */
  isProtected(source: ResolvedSource): boolean;
  /** Lets another playback be the one that plays. */
  replace(next: Playback): void;
}

/** How a call of `updateSource` ended. */
export type UpdateStatus = 'updated' | 'unchanged' | 'superseded';

/** How a change ended, and what was different. */
export interface SourceChange {
  readonly status: UpdateStatus;
  readonly changed: readonly string[];
}

/**
 * Changes the source while it plays.
 *
 * @throws GatecastError why the next source cannot be played; the old one plays on.
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
  const difference = compareSources(current.source, next);
  if (difference.kind !== 'switch' && host.isProtected(next) !== current.isProtected) {
    // Requests are made in another way now, which an exchange of tokens cannot do.
    const isDone = await switchSource(host, current, next, signal);
    return { status: isDone ? 'updated' : 'superseded', changed: ['security'] };
  }
  switch (difference.kind) {
    case 'none':
      return { status: 'unchanged', changed: [] };
    case 'security':
      // Used from the next request on; nothing else happens.
      for (const [stream, security] of difference.tokens) current.tokens.seed(stream, security);
      current.source = next;
      return { status: 'updated', changed: ['security'] };
    case 'switch': {
      const isDone = await switchSource(host, current, next, signal);
      return { status: isDone ? 'updated' : 'superseded', changed: difference.changed };
    }
  }
}

/**
 * The next source is prepared while the old one plays, and takes its place only then; when it fails after that,
 * the old one comes back. Resolves with false when it was superseded.
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
