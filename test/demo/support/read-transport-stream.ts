/** The times of a transport stream, read without the packer's code. */
export interface TransportTimes {
  /** Continuity counters by packet identifier. */
  readonly pids: ReadonlyMap<number, readonly number[]>;
  /** Presentation times by packet identifier, in ticks of 90 kHz. */
  readonly timestamps: ReadonlyMap<number, readonly number[]>;
  readonly clockReferences: readonly number[];
}

/** @see ISO/IEC 13818-1, 2.4.3 */
export function readTransportStream(bytes: Buffer): TransportTimes {
  const pids = new Map<number, number[]>();
  const timestamps = new Map<number, number[]>();
  const clockReferences: number[] = [];
  const push = (map: Map<number, number[]>, key: number, value: number): void => {
    map.set(key, [...(map.get(key) ?? []), value]);
  };
  if (bytes.length % 188 !== 0) throw new RangeError('Not a whole number of packets.');
  for (let at = 0; at < bytes.length; at += 188) {
    if (bytes[at] !== 0x47) throw new RangeError(`No sync byte at ${at}.`);
    const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
    const isStart = (bytes.readUInt8(at + 1) & 0x40) !== 0;
    const control = bytes.readUInt8(at + 3);
    push(pids, pid, control & 15);
    const hasAdaptation = (control & 0x20) !== 0;
    const adaptationLength = hasAdaptation ? bytes.readUInt8(at + 4) + 1 : 0;
    if (adaptationLength > 1 && (bytes.readUInt8(at + 5) & 0x10) !== 0) {
      clockReferences.push(bytes.readUInt32BE(at + 6) * 2 + (bytes.readUInt8(at + 10) >> 7));
    }
    const payload = at + 4 + adaptationLength;
    const isPacketised = isStart && payload + 14 <= at + 188 && bytes.readUIntBE(payload, 3) === 1;
    if (isPacketised) push(timestamps, pid, readTimestamp(bytes, payload + 9));
  }
  return { pids, timestamps, clockReferences };
}

function readTimestamp(bytes: Buffer, at: number): number {
  const high = (bytes.readUInt8(at) >> 1) & 7;
  const middle = bytes.readUInt16BE(at + 1) >> 1;
  const low = bytes.readUInt16BE(at + 3) >> 1;
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}
