const programNumber = 1;
const streamTypes = { h264: 0x1b, aac: 0x0f } as const;

/**
 * Writes the program association table (PAT) and the program map table (PMT) for one H.264 and one AAC stream.
 *
 * @see ISO/IEC 13818-1, 2.4.4
 */
export function programTables({ mapPid, video, audio }: { mapPid: number; video: number; audio: number }): {
  association: Uint8Array;
  map: Uint8Array;
} {
  const elementary = (type: number, pid: number): number[] => [type, ...pidBytes(pid), 0xf0, 0];
  return {
    association: section(0, [0, programNumber, ...pidBytes(mapPid)]),
    map: section(2, [
      ...pidBytes(video),
      ...[0xf0, 0],
      ...elementary(streamTypes.h264, video),
      ...elementary(streamTypes.aac, audio),
    ]),
  };
}

function section(tableId: number, body: readonly number[]): Uint8Array {
  const length = body.length + 9;
  const bytes = Buffer.from([tableId, 0xb0 | (length >> 8), length & 0xff, 0, 1, 0xc1, 0, 0, ...body]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(checksumOf(bytes));
  return Buffer.concat([bytes, checksum]);
}

function pidBytes(pid: number): [number, number] {
  return [0xe0 | (pid >> 8), pid & 0xff];
}

/** CRC-32/MPEG-2. The CRC-32 of zlib differs: it has the reverse bit order and inverts the result. */
function checksumOf(bytes: Uint8Array): number {
  let remainder = 0xffff_ffff;
  for (const byte of bytes) {
    remainder ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 0x8000_0000 ? (remainder << 1) ^ 0x04c1_1db7 : remainder << 1;
    }
  }
  return remainder >>> 0;
}
