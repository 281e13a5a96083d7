import type { SecurePlayer } from '@gatecast/player';
import type { TimelineRecord } from './timeline-record.js';

const pollEveryMs = 100;
/** Some browsers update the media clock rarely; a viewer does not see a shorter stall. */
const stallMs = 250;
const sampleEveryMs = 500;
/** A longer gap between two polls means that the page slept, not that playback stalled. */
const sleptMs = 1_500;

/** Records playback states, renditions and buffer. Reads the media clock, because `waiting` misses short stalls. */
export function watchPlayback(player: SecurePlayer, record: TimelineRecord, signal: AbortSignal): void {
  let lastTime = player.currentTime;
  let movedAtMs = Date.now();
  let polledAtMs = movedAtMs;
  let hasMoved = false;

  function poll(): void {
    const nowMs = Date.now();
    const hasSlept = nowMs - polledAtMs > sleptMs || document.hidden;
    polledAtMs = nowMs;
    if (player.currentTime !== lastTime || player.paused || hasSlept) movedAtMs = nowMs;
    if (player.currentTime !== lastTime && !player.paused) hasMoved = true;
    lastTime = player.currentTime;
    if (player.error) record.setPlayback('failed', nowMs);
    else if (player.paused) record.setPlayback(hasMoved ? 'paused' : 'starting', nowMs);
    else if (!hasMoved) record.setPlayback('starting', nowMs);
    else if (nowMs - movedAtMs > stallMs) record.setPlayback('stalled', movedAtMs);
    else record.setPlayback('playing', nowMs);
  }

  function addRendition(): void {
    const { videoHeight } = player;
    if (videoHeight > 0) record.addRendition(`${videoHeight}p`, Date.now());
  }

  const timer = setInterval(poll, pollEveryMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  player.addEventListener('resize', addRendition, { signal });
  player.addEventListener('loadedmetadata', addRendition, { signal });
  // A new source begins in the state `starting`.
  player.addEventListener('emptied', () => (hasMoved = false), { signal });
  watchBuffer(player, record, signal);
}

function watchBuffer(player: SecurePlayer, record: TimelineRecord, signal: AbortSignal): void {
  const timer = setInterval(() => {
    if (!document.hidden) record.addBuffer({ atMs: Date.now(), aheadSeconds: bufferAhead(player) });
  }, sampleEveryMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Seconds of media from the current frame to the next gap. */
export function bufferAhead({
  buffered,
  currentTime,
}: Pick<HTMLMediaElement, 'buffered' | 'currentTime'>): number {
  for (let index = 0; index < buffered.length; index += 1) {
    const isInside = buffered.start(index) <= currentTime + 0.1 && currentTime < buffered.end(index);
    if (isInside) return buffered.end(index) - currentTime;
  }
  return 0;
}
