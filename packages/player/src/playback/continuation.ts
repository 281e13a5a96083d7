import type { Engine } from '../engine/engine.js';
import { engineDefinitions, type EngineName } from '../engine/registry.js';
import { readPosition, restoreWhenLoaded, type PlaybackPosition } from '../media/playback-position.js';
import type { EngineSession } from './engine-session.js';

/**
 * The current position, for a source that continues there.
 *
 * @param next - where it goes on, until its first picture is there.
 */
export function positionNow(
  media: HTMLVideoElement,
  engine: Engine | null,
  next: PlaybackPosition | null,
): PlaybackPosition {
  const now = readPosition(media, engine);
  const isThere = media.seeking || media.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  return isThere || !next ? now : { ...next, wasPlaying: next.wasPlaying || now.wasPlaying };
}

/** Begins to load where playback goes on; `null` for where the source begins. */
export function beginAt(
  position: PlaybackPosition | null,
  run: EngineSession,
  media: HTMLVideoElement,
  engineName: EngineName,
): void {
  run.begin(position?.time ?? 0);
  if (!position) return;
  const toSeek = engineDefinitions[engineName].takesStart ? { ...position, time: null } : position;
  restoreWhenLoaded(media, run, toSeek);
}
