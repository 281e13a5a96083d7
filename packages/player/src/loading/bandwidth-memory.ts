/** hls.js's own assumption for a connection that nothing is known of. */
const UNKNOWN_BPS = 500_000;

let rememberedBps: number | null = null;

/** Bits per second that a new stream may count on: what the last one on this page saw. */
export function knownBandwidthBps(): number {
  return rememberedBps ?? UNKNOWN_BPS;
}

export function rememberBandwidth(bps: number): void {
  if (Number.isFinite(bps) && bps > 0) rememberedBps = bps;
}
