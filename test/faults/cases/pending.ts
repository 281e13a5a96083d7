/** Cases that fail today, by name, and why. Remove a line when its case is well: the runner reports such lines. */
export const pendingCases: ReadonlyMap<string, string> = new Map([
  ['tokens-expired-at-start', 'a first token that has ended is final'],
  ['segment-empty', 'segments without content are requested in a burst'],
  ['key-404-at-start', 'keys are requested in a burst'],
  ['key-503-at-start', 'keys are requested in a burst'],
  ['media-reset-paused', 'a short stall after the return'],
  ['encoder-restart', 'depends on the moment; plain hls.js does not return either'],
  ['encoder-restart-tagged', 'plain hls.js takes as long'],
  ['encoder-restart-ts', 'depends on the moment; plain hls.js does not return either'],
  ['encoder-restart-two', 'found by the stall watchdog only; plain hls.js does not return'],
  ['sequence-reset', 'plain hls.js takes as long'],
]);
