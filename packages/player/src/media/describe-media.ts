/** The state of a media element, for a support ticket. */
export function describeMedia(media: HTMLVideoElement): Record<string, unknown> {
  const { currentTime, paused, readyState, networkState, videoWidth, videoHeight } = media;
  return {
    currentTime,
    paused,
    readyState,
    networkState,
    videoWidth,
    videoHeight,
    bufferedS: bufferedAheadS(media),
  };
}

/** Seconds of buffered media after the current position. */
function bufferedAheadS({ buffered, currentTime }: HTMLMediaElement): number {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index)) {
      return buffered.end(index) - currentTime;
    }
  }
  return 0;
}
