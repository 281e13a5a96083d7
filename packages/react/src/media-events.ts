/**
 * Media events as props. React calls its own `onPlay` and the others only for `<video>` and `<audio>`, so the wrapper
 * listens on the element itself.
 */
export const mediaEvents = {
  onAbort: 'abort',
  onCanPlay: 'canplay',
  onCanPlayThrough: 'canplaythrough',
  onDurationChange: 'durationchange',
  onEmptied: 'emptied',
  onEncrypted: 'encrypted',
  onEnded: 'ended',
  onEnterPictureInPicture: 'enterpictureinpicture',
  onError: 'error',
  onLeavePictureInPicture: 'leavepictureinpicture',
  onLoadedData: 'loadeddata',
  onLoadedMetadata: 'loadedmetadata',
  onLoadStart: 'loadstart',
  onPause: 'pause',
  onPlay: 'play',
  onPlaying: 'playing',
  onProgress: 'progress',
  onRateChange: 'ratechange',
  onResize: 'resize',
  onSeeked: 'seeked',
  onSeeking: 'seeking',
  onStalled: 'stalled',
  onSuspend: 'suspend',
  onTimeUpdate: 'timeupdate',
  onVolumeChange: 'volumechange',
  onWaiting: 'waiting',
  onWaitingForKey: 'waitingforkey',
} as const;
