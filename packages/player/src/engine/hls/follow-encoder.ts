import { systemClock, type Cancel } from '@gatecast/token';
import type Hls from 'hls.js';
import type { ErrorData, Fragment, LevelDetails } from 'hls.js';
import type { EngineReport } from '../engine.js';
import { hasMedia } from './hls-faults.js';
import { readSegmentTimeS } from './read-segment-time.js';
import { TimelineBreaks, type TimedSegment } from './timeline-breaks.js';
import { countReload, isRestarted, reloadWaitMs, type SequenceRange } from './playlist-restart.js';

export interface FollowEncoderOptions {
  readonly hls: Hls;
  readonly library: typeof Hls;
  readonly media: HTMLMediaElement;
  readonly signal: AbortSignal;
  readonly report: (report: EngineReport) => void;
}

/** Keeps a live stream playing whose encoder restarts without `EXT-X-DISCONTINUITY`. */
export interface EncoderFollower {
  /** Takes each media segment before hls.js reads it. */
  onSegment(fragment: Fragment, data: Uint8Array): void;
  /** Returns whether it handles an error of hls.js, so that nothing else reacts to it. */
  handles(data: ErrorData): boolean;
}

/** Seconds of buffered media below which the old timeline counts as played out. */
const PLAYED_OUT_S = 0.5;
/** Segments that arrive during one stall, without media at the current position, after which the source is loaded again. */
const MISPLACED_SEGMENTS = 3;
/** A larger change of the position, in seconds, is a seek. */
const SEEK_S = 1;
const HAVE_FUTURE_DATA = 3;

/**
 * Follows a live stream across restarts of its encoder:
 * - timestamps that jump: the segment is marked as a discontinuity before hls.js reads it;
 * - a media sequence that starts again: the buffer is played out, then the source is loaded again;
 * - media that arrives, but not where playback stands: it is skipped to, or the source is loaded again.
 */
export function followEncoder(options: FollowEncoderOptions): EncoderFollower {
  const { hls, library, media, signal, report } = options;
  const { Events } = library;
  const note = (name: string, details: Readonly<Record<string, unknown>>): void => {
    report({ type: 'note', name, details });
  };
  const breaks = new TimelineBreaks();
  const ranges = new Map<string, SequenceRange>();
  /** The newest playlist of video, of any rendition. */
  let newest: SequenceRange | null = null;
  /** Has another rendition lower sequence numbers than the one before? Renditions need not have the same. */
  let isOtherLower = false;
  let isReloadDue = false;
  let lastReloadMs = -Infinity;
  let reloads = 0;
  /** Segments by type that arrived during this stall, without media at the current position. */
  const misplaced = new Map<string, number>();
  let stillAt = NaN;
  /** Segments with media. WebKitGTK may buffer nothing of them when their timestamps have jumped back. */
  const arrived = new WeakSet<Fragment>();

  let cancelWait: Cancel | null = null;
  /** Position before the newest playlist: hls.js may seek when it gets one. */
  let lastTimeS = media.currentTime;

  const reloadWhenPlayedOut = (): void => {
    if (!isReloadDue || cancelWait || media.paused) return;
    const isMoved = Math.abs(media.currentTime - lastTimeS) > SEEK_S;
    if (!isMoved && bufferedAheadS(media) > PLAYED_OUT_S) return;
    const nowMs = systemClock.now();
    cancelWait = systemClock.at(nowMs + reloadWaitMs({ nowMs, lastReloadMs, reloads }), () => {
      cancelWait = null;
      const atMs = systemClock.now();
      reloads = countReload({ nowMs: atMs, lastReloadMs, reloads });
      lastReloadMs = atMs;
      isReloadDue = false;
      misplaced.clear();
      ranges.clear();
      newest = null;
      isOtherLower = false;
      reload(hls, library, media);
    });
  };
  const requestReload = (reason: string): void => {
    if (!isReloadDue) note('encoder-restarted', { reason });
    isReloadDue = true;
    // Segments of the new timeline would overwrite what is still to be played.
    hls.stopLoad();
    reloadWhenPlayedOut();
  };

  const onDetails = (key: string, details: LevelDetails): void => {
    const next = { startSN: details.startSN, endSN: details.endSN };
    const last = ranges.get(key);
    ranges.set(key, next);
    if (details.live && last && isRestarted(last, next)) requestReload('media-sequence');
  };
  hls.on(Events.LEVEL_LOADED, (_, { level, details }) => {
    const isFirst = !ranges.has(`main ${String(level)}`);
    if (isFirst && details.live) isOtherLower = newest !== null && isRestarted(newest, details);
    newest = { startSN: details.startSN, endSN: details.endSN };
    onDetails(`main ${String(level)}`, details);
    // The encoder restarted while the rendition changed, for example because the old one could not be loaded meanwhile.
    if (isOtherLower && !isFirst && !media.paused && bufferedAheadS(media) <= PLAYED_OUT_S)
      requestReload('media-sequence');
  });
  hls.on(Events.AUDIO_TRACK_LOADED, (_, { id, details }) => {
    onDetails(`audio ${String(id)}`, details);
  });
  hls.on(Events.ERROR, (_, { details, frag }) => {
    if ((details as string) === 'bufferAppendNoProgress' && frag) arrived.add(frag);
  });
  hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
    const hasArrived = hasMedia(frag) || arrived.has(frag);
    if (frag.sn === 'initSegment' || !hasArrived || !hls.latestLevelDetails?.live) return;
    if (isAhead(frag, media)) isOtherLower = false;
    const isStill = !media.paused && !media.seeking && media.readyState < HAVE_FUTURE_DATA;
    if (!isStill || media.currentTime !== stillAt || bufferedAheadS(media) > PLAYED_OUT_S) misplaced.clear();
    stillAt = media.currentTime;
    if (!isStill) return;
    misplaced.set(frag.type, (misplaced.get(frag.type) ?? 0) + 1);
    // Without its audio, video is not playable.
    const types = hls.audioTracks[hls.audioTrack]?.url ? ['main', 'audio'] : ['main'];
    if (types.some((type) => (misplaced.get(type) ?? 0) < MISPLACED_SEGMENTS)) return;
    misplaced.clear();
    const startS = nextRangeStart(media);
    if (startS === null) requestReload('timestamps');
    else {
      note('skipped-gap', { byS: startS - media.currentTime });
      media.currentTime = startS;
    }
  });
  for (const type of ['timeupdate', 'waiting', 'play'])
    media.addEventListener(
      type,
      () => {
        reloadWhenPlayedOut();
        lastTimeS = media.currentTime;
      },
      { signal },
    );
  signal.addEventListener('abort', () => cancelWait?.(), { once: true });

  return {
    onSegment(fragment, data) {
      if (!isTimed(fragment) || !hls.latestLevelDetails?.live) return;
      const timeS = readSegmentTimeS(data);
      if (timeS === null) return;
      arrived.add(fragment);
      if (!breaks.isBreak(fragment, timeS)) return;
      note('timestamps-jumped', { sequence: fragment.sn });
      markDiscontinuity(hls, fragment);
    },
    handles({ details, error }) {
      // hls.js compares a new playlist with the one before it, and would refuse each further one as well.
      if ((details as string) !== 'levelParsingError' || !error.message.includes(' mismatch ')) return false;
      requestReload('playlist');
      return true;
    },
  };
}

/** Loads the source again, joins at the live position and plays if it has played. */
function reload(hls: Hls, { Events }: typeof Hls, media: HTMLMediaElement): void {
  const { manualLevel, url } = hls;
  if (url === null) return;
  const wasPlaying = !media.paused;
  hls.once(Events.MANIFEST_PARSED, () => {
    if (manualLevel >= 0) hls.loadLevel = manualLevel;
  });
  hls.loadSource(url);
  // If the browser blocks autoplay, the viewer sees the paused picture and a play button.
  if (wasPlaying) media.play().catch(() => undefined);
}

function isTimed(fragment: Fragment): fragment is Fragment & TimedSegment {
  return typeof fragment.sn === 'number';
}

/** Begins a discontinuity at a segment. hls.js carries the number over to the playlists that follow. */
function markDiscontinuity(hls: Hls, first: Fragment & TimedSegment): void {
  const owner = (first.type as string) === 'audio' ? hls.audioTracks : hls.levels;
  const details = owner[first.level]?.details;
  const listed = details ? [...details.fragments, details.fragmentHint] : [];
  // A playlist that came while the segment was loading has another object for it.
  const later = new Set<Fragment>([first]);
  for (const fragment of listed) if (fragment && fragment.sn >= first.sn) later.add(fragment);
  for (const fragment of later) fragment.cc += 1;
  if (details) details.endCC += 1;
}

function bufferedAheadS({ buffered, currentTime }: HTMLMediaElement): number {
  for (let index = 0; index < buffered.length; index += 1)
    if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index))
      return buffered.end(index) - currentTime;
  return 0;
}

/** Does a segment continue what is buffered at the current position? One of another timeline lies elsewhere. */
function isAhead({ start, end }: Fragment, media: HTMLMediaElement): boolean {
  const bufferEnd = media.currentTime + bufferedAheadS(media);
  return (
    bufferEnd - media.currentTime > PLAYED_OUT_S &&
    start < bufferEnd &&
    end > media.currentTime &&
    end < bufferEnd + PLAYED_OUT_S
  );
}

/** Start of the next buffered range after the current position. */
function nextRangeStart({ buffered, currentTime }: HTMLMediaElement): number | null {
  for (let index = 0; index < buffered.length; index += 1)
    if (buffered.start(index) > currentTime) return buffered.start(index);
  return null;
}
