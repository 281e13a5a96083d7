import { UNKNOWN_BANDWIDTH_BPS } from '@gatecast/contract';

let rememberedBps: number | null = null;

/** Bandwidth in bits per second for a new stream: that of the last stream on this page. */
export function knownBandwidthBps(): number {
  return rememberedBps ?? UNKNOWN_BANDWIDTH_BPS;
}

export function rememberBandwidth(bps: number): void {
  if (Number.isFinite(bps) && bps > 0) rememberedBps = bps;
}
