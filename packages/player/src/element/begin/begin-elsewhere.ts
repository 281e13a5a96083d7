import { engineDefinitions } from '../../engine/registry.js';
import type { EditPlaylist } from '@gatecast/token';
import type { MediaOutput } from '../../media/media-output.js';
import { readPosition, REJOIN_TOLERANCE_S } from '../../media/playback-position.js';
import type { Playback } from '../../playback/playback.js';
import type { SessionElement } from '../session-element.js';
import { remember } from './remember.js';
import { startPlaylist } from './start-playlist.js';
import { startPosition } from './start-position.js';

/** What is played, as far as its beginning is concerned. */
export interface BeginHost {
  load(isAsked: boolean): unknown;
  readonly element: SessionElement;
  readonly output: MediaOutput;
  readonly playback: Pick<Playback, 'source' | 'engine' | 'engineName'> | null;
}

/** What an element played when it left its page. */
interface Left {
  readonly stream: string;
  /** As a start time: for a live stream, seconds before live as a negative number; `null` at live. */
  readonly startTime: number | null;
}

/**
 * Elements that have left their page. They continue where they were, when they are back. The overlay keeps that, too, with more,
 * but it may not be loaded yet.
 */
const left = new WeakMap<SessionElement, Left>();
/** Seconds. Seeking less than this is not worth an empty buffer. */
const NEAR_S = 0.5;
const BEGIN_EVENTS = ['loadedmetadata', 'loadeddata', 'canplay', 'seeked', 'timeupdate'] as const;

/**
 * Lets a source that was just loaded begin at the start time of its element, or where the viewer left it, and remembers that.
 *
 * @param signal - aborts when it is unloaded.
 * @returns lets its playlists say where it begins, for the engine that reads them with this.
 */
export function beginElsewhere(host: BeginHost, signal: AbortSignal): EditPlaylist {
  const { element, playback } = host;
  const stream = streamOf(host);
  if (!playback || stream === undefined) return unchanged;
  let isShown = false;
  const show = (): void => {
    isShown = true;
    left.delete(element);
  };
  const isBack = left.get(element)?.stream === stream;
  if (!isBack) left.delete(element);
  signal.addEventListener(
    'abort',
    () => {
      // Another stream may have been switched to. What was never shown leaves the place where it was before.
      const now = streamOf(host);
      if (element.isConnected || now === undefined) left.delete(element);
      else if (isShown) left.set(element, { stream: now, startTime: placeOf(host) });
    },
    { once: true },
  );
  const remembered = remember(element, () => streamOf(host), signal);
  const given = Number.isFinite(element.startTime) ? element.startTime : remembered;
  const startTime = (isBack ? left.get(element)?.startTime : given) ?? null;
  const isEdited = engineDefinitions[playback.engineName].takesStart ?? false;
  if (startTime === null || isEdited) element.addEventListener('loadeddata', show, { once: true, signal });
  if (startTime === null) return unchanged;
  // It needs no seek that early, after which WebKitGTK may stand still. Ends with the first picture: what is loaded later
  // continues where the viewer is.
  if (isEdited) return (text) => (isShown ? text : startPlaylist(text, startTime));
  beginAt(host, startTime, signal, show);
  return unchanged;
}

function streamOf({ playback }: BeginHost): string | undefined {
  return playback?.source.entries[0]?.stream;
}

function unchanged(text: string): string {
  return text;
}

/** Where it is, as a start time. */
function placeOf({ output, playback }: BeginHost): number | null {
  const { time, behindLive } = readPosition(output.media, playback?.engine ?? null);
  return behindLive !== null && behindLive > REJOIN_TOLERANCE_S ? -behindLive : time;
}

/** Calls `onBegun` once it is there. */
function beginAt(host: BeginHost, startTime: number, signal: AbortSignal, onBegun: () => void): void {
  const { element, output } = host;
  const begin = (): void => {
    const { media } = output;
    const { duration, seekable, readyState, seeking } = media;
    // A recording: when the init segment is known, and the first segment is not shown yet. A live stream: when the engine has
    // found the place to join, which it would otherwise seek to later.
    const isRecording = Number.isFinite(duration) && readyState >= HTMLMediaElement.HAVE_METADATA;
    const isJoined = readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !seeking && seekable.length > 0;
    if (!isRecording && !isJoined) return;
    for (const type of BEGIN_EVENTS) element.removeEventListener(type, begin);
    const livePosition = host.playback?.engine?.livePosition ?? null;
    const position = startPosition(startTime, { duration, seekable, livePosition });
    if (Math.abs(media.currentTime - position) > NEAR_S) media.currentTime = position;
    onBegun();
  };
  for (const type of BEGIN_EVENTS) element.addEventListener(type, begin, { signal });
  begin();
}
