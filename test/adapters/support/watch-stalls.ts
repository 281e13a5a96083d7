const CHECK_MS = 50;

/** How long videos stand still. */
export interface StallWatch {
  /** The longest stall of each video until now, in milliseconds, in the order of the videos. */
  longestMs(): readonly number[];
  end(): void;
}

/** Looks at all videos at the same moments: a busy machine delays all of them. */
export function watchStalls(videos: readonly HTMLVideoElement[]): StallWatch {
  const states = videos.map((video) => ({
    video,
    currentTime: video.currentTime,
    sinceMs: performance.now(),
    longestMs: 0,
  }));
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const state of states) {
      const { currentTime } = state.video;
      if (currentTime !== state.currentTime) Object.assign(state, { currentTime, sinceMs: nowMs });
      state.longestMs = Math.max(state.longestMs, nowMs - state.sinceMs);
    }
  }, CHECK_MS);
  return {
    longestMs: () => states.map(({ longestMs }) => longestMs),
    end: () => {
      clearInterval(timer);
    },
  };
}
