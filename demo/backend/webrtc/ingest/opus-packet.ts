/** RTP clock rate and MP4 timescale of Opus in Hz, for all sample rates (RFC 7587, section 4.1). */
export const OPUS_CLOCK_RATE = 48_000;

/** 20 ms of silence: one empty CELT full-band stereo frame. */
export const OPUS_SILENCE: Uint8Array = Uint8Array.of(0xfc, 0xff, 0xfe);
export const OPUS_SILENCE_TICKS = 960;

/**
 * Returns the duration of an Opus packet in ticks of 48 kHz, from its first bytes. 0 if the packet is invalid.
 * @see https://www.rfc-editor.org/rfc/rfc6716#section-3.1
 */
export function opusPacketTicks(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const ticks = frameTicks(toc >> 3) * frameCount(toc & 3, packet[1]);
  // RFC 6716 allows at most 120 ms in a packet.
  return ticks <= OPUS_CLOCK_RATE * 0.12 ? ticks : 0;
}

function frameTicks(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config % 4] ?? 0; // SILK: 10, 20, 40, 60 ms
  if (config < 16) return [480, 960][config % 2] ?? 0; // hybrid: 10, 20 ms
  return [120, 240, 480, 960][config % 4] ?? 0; // CELT: 2.5, 5, 10, 20 ms
}

function frameCount(code: number, countByte: number | undefined): number {
  if (code === 0) return 1;
  if (code < 3) return 2;
  return countByte === undefined ? 0 : countByte & 0x3f;
}
