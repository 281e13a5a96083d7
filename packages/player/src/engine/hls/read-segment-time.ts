const PACKET = 188;
const SYNC = 0x47;
const HZ = 90_000;
const WRAP = 2 ** 33;
/** Owner of the ID3 frame with the timestamp of packed audio. */
const OWNER = 'com.apple.streaming.transportStreamTimestamp\0';
/** The frame is near the start. */
const OWNER_WITHIN = 512;

/**
 * The first timestamp of an MPEG-2 transport stream or of packed audio, in seconds; `null` for anything else, such as
 * fMP4 or an encrypted segment.
 *
 * @see ISO/IEC 13818-1, 2.4.3.7; RFC 8216, 3.4
 */
export function readSegmentTimeS(data: Uint8Array): number | null {
  if (data[0] === SYNC && data[PACKET] === SYNC) return readTransportTimeS(data);
  return readPackedAudioTimeS(data);
}

/** Seconds from one timestamp to a later one, which may have wrapped; negative if it is earlier. */
export function elapsedS(fromS: number, toS: number): number {
  const wrapS = WRAP / HZ;
  const forward = (((toS - fromS) % wrapS) + wrapS) % wrapS;
  return forward > wrapS / 2 ? forward - wrapS : forward;
}

function readTransportTimeS(data: Uint8Array): number | null {
  for (let start = 0; start + PACKET <= data.length; start += PACKET) {
    const byte = (at: number): number => data[start + at] ?? 0;
    const hasAdaptation = (byte(3) & 0x20) !== 0;
    const payload = 4 + (hasAdaptation ? 1 + byte(4) : 0);
    const isStart = (byte(1) & 0x40) !== 0 && payload + 14 <= PACKET;
    if (!isStart || byte(payload) !== 0 || byte(payload + 1) !== 0 || byte(payload + 2) !== 1) continue;
    // Audio and video streams (0xC0 to 0xEF) with a presentation time.
    if (byte(payload + 3) < 0xc0 || byte(payload + 3) > 0xef || (byte(payload + 7) & 0x80) === 0) continue;
    const at = payload + 9;
    const ticks =
      ((byte(at) >> 1) & 7) * 2 ** 30 +
      byte(at + 1) * 2 ** 22 +
      (byte(at + 2) >> 1) * 2 ** 15 +
      byte(at + 3) * 2 ** 7 +
      (byte(at + 4) >> 1);
    return ticks / HZ;
  }
  return null;
}

function readPackedAudioTimeS(data: Uint8Array): number | null {
  const head = String.fromCharCode(...data.subarray(0, OWNER_WITHIN));
  const owner = head.startsWith('ID3') ? head.indexOf(OWNER) : -1;
  const at = owner + OWNER.length;
  if (owner < 0 || at + 8 > data.length) return null;
  const view = new DataView(data.buffer, data.byteOffset + at, 8);
  return ((view.getUint32(0) & 1) * 2 ** 32 + view.getUint32(4)) / HZ;
}
