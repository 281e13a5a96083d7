/** Seconds from 1900, where NTP time begins, to 1970. */
const EPOCH_OFFSET_SECONDS = 2_208_988_800;

/** Converts the NTP time of a sender report (32.32 fixed point) to ms since 1900 (RFC 3550, section 4). */
export function ntpToMs(ntp: bigint): number {
  return Number(ntp >> 32n) * 1000 + (Number(ntp & 0xffffffffn) / 2 ** 32) * 1000;
}

/** Converts ms since the epoch to NTP time (32.32 fixed point). */
export function epochMsToNtp(epochMs: number): bigint {
  const seconds = Math.floor(epochMs / 1000);
  const fraction = Math.floor(((epochMs - seconds * 1000) / 1000) * 2 ** 32);
  return (BigInt(seconds + EPOCH_OFFSET_SECONDS) << 32n) | BigInt(fraction);
}
