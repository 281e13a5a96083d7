import { lazyPart } from '@gatecast/token';

/** The code of composed pictures. Most broadcasts do not need it. */
export const picturePart = lazyPart('Picture', async () => (await import('./picture.js')).Picture, {
  code: 'publisher-load-failed',
});

/** The code of recordings. */
export const recordingPart = lazyPart(
  'prepareRecording',
  async () => (await import('./recording.js')).prepareRecording,
  { code: 'publisher-load-failed' },
);
