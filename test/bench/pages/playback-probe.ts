// Runs before anything else in every page of the bench, so that all players are watched in the same way, shadow roots
// and all: whatever is given a source is found at that moment. What it sees goes into the page's own User Timing.

const STEP_MS = 20;
/** Between two frames the clock may stand still for longer than a step; nobody sees this much. */
const UNSEEN_MS = 150;

const known = new WeakSet<HTMLMediaElement>();

function watchFirstFrame(video: HTMLVideoElement): void {
  const mark = (): void => {
    if (performance.getEntriesByName('first-frame').length === 0) performance.mark('first-frame');
  };
  if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(mark);
  else (video as HTMLVideoElement).addEventListener('timeupdate', mark, { once: true });
}

/** A stall is what a viewer sees: from the last change of the media clock to the next, once there was a picture. */
function watchClock(video: HTMLVideoElement): void {
  let positionS = -1;
  let movedAtMs = 0;
  const close = (nowMs: number): void => {
    if (movedAtMs > 0 && nowMs - movedAtMs > UNSEEN_MS)
      performance.measure('stall', { start: movedAtMs, end: nowMs });
  };
  const look = (): void => {
    if (performance.getEntriesByName('first-frame').length === 0) return;
    const nowMs = performance.now();
    // Before there is data again the position is that of the new source, and no picture moves.
    if (video.currentTime === positionS || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    close(nowMs);
    positionS = video.currentTime;
    movedAtMs = nowMs;
  };
  const timer = setInterval(look, STEP_MS);
  addEventListener('bench-end', () => {
    clearInterval(timer);
    close(performance.now());
  });
}

const descriptor = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'src');
Object.defineProperty(HTMLMediaElement.prototype, 'src', {
  ...descriptor,
  set(this: HTMLMediaElement, value: string) {
    performance.mark('media-source');
    if (this instanceof HTMLVideoElement && !known.has(this)) {
      known.add(this);
      watchFirstFrame(this);
      watchClock(this);
    }
    descriptor?.set?.call(this, value);
  },
});
