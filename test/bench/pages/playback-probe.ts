// Runs first in every bench page, so that all players are measured in the same way, including those in shadow roots: a
// media element is found when it gets a source. Results go into the page's User Timing.

const STEP_MS = 20;
/** The media clock may pause between two frames. A shorter pause than this is not visible. */
const UNSEEN_MS = 150;

function watchFirstFrame(video: HTMLVideoElement): void {
  const mark = (): void => {
    if (performance.getEntriesByName('first-frame').length === 0) performance.mark('first-frame');
  };
  if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(mark);
  else (video as HTMLVideoElement).addEventListener('timeupdate', mark, { once: true });
}

const videos = new Set<HTMLVideoElement>();
const positionsS = new WeakMap<HTMLVideoElement, number>();

/** Of two alternating videos only one is visible. */
const isShown = (video: HTMLVideoElement): boolean =>
  video.isConnected && getComputedStyle(video).display !== 'none';

function hasMoved(video: HTMLVideoElement): boolean {
  // Until data arrives, the position is that of the new source, and no picture moves.
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !isShown(video)) return false;
  const isSame = positionsS.get(video) === video.currentTime;
  positionsS.set(video, video.currentTime);
  return !isSame;
}

/** A stall lasts from the last change of the media clock to the next one, after the first frame. */
function watchClocks(): void {
  let movedAtMs = 0;
  let longest = { start: 0, end: 0 };
  const close = (nowMs: number): void => {
    if (movedAtMs === 0) return;
    const gap = { start: movedAtMs, end: nowMs };
    if (gap.end - gap.start > longest.end - longest.start) longest = gap;
    if (nowMs - movedAtMs > UNSEEN_MS) performance.measure('stall', gap);
  };
  const look = (): void => {
    if (performance.getEntriesByName('first-frame').length === 0) return;
    const nowMs = performance.now();
    if ([...videos].filter(hasMoved).length === 0) return;
    close(nowMs);
    movedAtMs = nowMs;
  };
  const timer = setInterval(look, STEP_MS);
  addEventListener('bench-end', () => {
    clearInterval(timer);
    close(performance.now());
    performance.measure('longest-gap', longest);
  });
}

/** An init segment is smaller, and each media segment of the demo is larger. */
const LEAST_MEDIA_BYTES = 4096;

const append = Object.getOwnPropertyDescriptor(SourceBuffer.prototype, 'appendBuffer');
Object.defineProperty(SourceBuffer.prototype, 'appendBuffer', {
  ...append,
  value(this: SourceBuffer, data: BufferSource) {
    if (data.byteLength >= LEAST_MEDIA_BYTES) {
      performance.mark('media-appended');
      // Only the first is of interest.
      if (append) Object.defineProperty(SourceBuffer.prototype, 'appendBuffer', append);
    }
    (append?.value as typeof this.appendBuffer).call(this, data);
  },
});

function watch(video: HTMLVideoElement): void {
  if (videos.has(video)) return;
  if (videos.size === 0) watchClocks();
  videos.add(video);
  watchFirstFrame(video);
}

// A player may also add a `<source>` to a video of the page.
addEventListener('loadstart', ({ target }) => target instanceof HTMLVideoElement && watch(target), true);

const descriptor = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'src');
Object.defineProperty(HTMLMediaElement.prototype, 'src', {
  ...descriptor,
  set(this: HTMLMediaElement, value: string) {
    // A page may also load a sound.
    if (this instanceof HTMLVideoElement) {
      performance.mark('media-source');
      watch(this);
    }
    descriptor?.set?.call(this, value);
  },
});
