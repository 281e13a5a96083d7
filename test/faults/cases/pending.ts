/** Cases that fail today, by name, and why. Remove a line when its case is well: the runner reports such lines. */
export const pendingCases: ReadonlyMap<string, string> = new Map([
  ['playlist-empty-at-start', 'the first playlist is not loaded again'],
  ['playlist-header-only-at-start', 'the first playlist is not loaded again'],
  ['tokens-expired-at-start', 'a first token that has ended is final'],
  ['segment-empty', 'segments without content are requested in a burst'],
  ['segment-garbage-at-start', 'no segment is loaded again'],
  ['media-reset-paused', 'a short stall after the return'],
  ['encoder-restart-tagged', 'plain hls.js takes as long'],
  ['encoder-restart-ts', 'found by the stall watchdog only; plain hls.js does not return'],
  ['encoder-restart-two', 'found by the stall watchdog only; plain hls.js does not return'],
  ['encoder-restart-404', 'plain hls.js does not return'],
  ['sequence-reset', 'plain hls.js takes as long'],
]);
