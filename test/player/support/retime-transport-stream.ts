const PACKET = 188;
const TICKS_PER_MS = 90;
const WRAP = 2 ** 33;

/** Copies a segment of an MPEG-2 transport stream, with timestamps that begin at `startMs`. */
export function retimeTransportStream(segment: Uint8Array, startMs: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(segment);
  const places = findTimestamps(copy);
  const times = places.map((place) => readTicks(copy, place));
  const first = Math.min(...times);
  for (const [index, place] of places.entries())
    writeTicks(copy, place, ((times[index] ?? 0) - first + startMs * TICKS_PER_MS) % WRAP);
  return copy;
}

/** A presentation or decode time in a PES header, or a clock reference in an adaptation field. */
interface Place {
  readonly kind: 'pes' | 'pcr';
  readonly at: number;
}

function findTimestamps(bytes: Uint8Array): Place[] {
  const places: Place[] = [];
  for (let start = 0; start + PACKET <= bytes.length; start += PACKET) {
    const byte = (at: number): number => bytes[start + at] ?? 0;
    const hasAdaptation = (byte(3) & 0x20) !== 0;
    if (hasAdaptation && byte(4) > 0 && byte(5) & 0x10) places.push({ kind: 'pcr', at: start + 6 });
    const payload = 4 + (hasAdaptation ? 1 + byte(4) : 0);
    const isStart = (byte(1) & 0x40) !== 0 && (byte(3) & 0x10) !== 0;
    if (!isStart || byte(payload) !== 0 || byte(payload + 1) !== 0 || byte(payload + 2) !== 1) continue;
    const flags = byte(payload + 7);
    if (flags & 0x80) places.push({ kind: 'pes', at: start + payload + 9 });
    if ((flags & 0xc0) === 0xc0) places.push({ kind: 'pes', at: start + payload + 14 });
  }
  return places;
}

function readTicks(bytes: Uint8Array, { kind, at }: Place): number {
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  if (kind === 'pcr')
    return byte(0) * 2 ** 25 + byte(1) * 2 ** 17 + byte(2) * 2 ** 9 + byte(3) * 2 + (byte(4) >> 7);
  return (
    ((byte(0) >> 1) & 7) * 2 ** 30 +
    byte(1) * 2 ** 22 +
    (byte(2) >> 1) * 2 ** 15 +
    byte(3) * 2 ** 7 +
    (byte(4) >> 1)
  );
}

function writeTicks(bytes: Uint8Array, { kind, at }: Place, ticks: number): void {
  const bits = (from: number, count: number): number => Math.floor(ticks / 2 ** from) % 2 ** count;
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  if (kind === 'pcr') {
    bytes.set([bits(25, 8), bits(17, 8), bits(9, 8), bits(1, 8), (bits(0, 1) << 7) | (byte(4) & 0x7f)], at);
    return;
  }
  const head = (byte(0) & 0xf0) | (bits(30, 3) << 1) | 1;
  bytes.set([head, bits(22, 8), (bits(15, 7) << 1) | 1, bits(7, 8), (bits(0, 7) << 1) | 1], at);
}
