import type { SecurePlayer } from '@gatecast/player';
import type { TimelineRecord } from './timeline-record.js';

const lookEveryMs = 100;
/** Media clocks tick coarsely in some browsers; below this nobody sees a stand-still. */
const stallMs = 250;
/** A gap this long between two looks is a page that slept, not a picture that stood. */
const sleptMs = 1_500;

/** Follows what the picture does: by the media clock itself, since `waiting` misses short stand-stills. */
export function watchPlayback(player: SecurePlayer, record: TimelineRecord, signal: AbortSignal): void {
  let lastTime = player.currentTime;
  let movedAtMs = Date.now();
  let lookedAtMs = movedAtMs;
  let hasMoved = false;

  function look(): void {
    const nowMs = Date.now();
    const hasSlept = nowMs - lookedAtMs > sleptMs || document.hidden;
    lookedAtMs = nowMs;
    if (player.currentTime !== lastTime || player.paused || hasSlept) movedAtMs = nowMs;
    if (player.currentTime !== lastTime && !player.paused) hasMoved = true;
    lastTime = player.currentTime;
    if (player.error) record.setPlayback('failed', nowMs);
    else if (player.paused) record.setPlayback(hasMoved ? 'paused' : 'starting', nowMs);
    else if (!hasMoved) record.setPlayback('starting', nowMs);
    else if (nowMs - movedAtMs > stallMs) record.setPlayback('stalled', movedAtMs);
    else record.setPlayback('playing', nowMs);
  }

  function noteRendition(): void {
    const { videoHeight } = player;
    if (videoHeight > 0) record.addRendition(`${videoHeight}p`, Date.now());
  }

  const timer = setInterval(look, lookEveryMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  player.addEventListener('resize', noteRendition, { signal });
  player.addEventListener('loadedmetadata', noteRendition, { signal });
  // A new source is a new start.
  player.addEventListener('emptied', () => (hasMoved = false), { signal });
}
