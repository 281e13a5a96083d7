/** The default of hls.js for an unknown connection. */
const UNKNOWN_BPS = 500_000;

let rememberedBps: number | null = null;

/** Bandwidth in bits per second for a new stream: that of the last stream on this page. */
export function knownBandwidthBps(): number {
  return rememberedBps ?? UNKNOWN_BPS;
}

export function rememberBandwidth(bps: number): void {
  if (Number.isFinite(bps) && bps > 0) rememberedBps = bps;
}
