const packetSize = 188;
const timestampModulus = 2 ** 33;

/** One video or audio frame as a PES packet. Times are ticks of 90 kHz and may exceed 33 bits. */
export interface Packetised {
  readonly streamId: number;
  readonly presentation: number;
  readonly payload: Uint8Array;
  readonly clockReference?: number;
  readonly isRandomAccess?: boolean;
}

/**
 * Splits tables and PES packets into transport stream packets and counts them by PID.
 *
 * @see ISO/IEC 13818-1, 2.4.3
 */
export class PacketWriter {
  readonly counts = new Map<number, number>();
  readonly #packets: Buffer[] = [];
  readonly #firstCount: (pid: number) => number;

  /** @param firstCount Returns how many packets with a PID were sent before: the start of its continuity counter. */
  constructor(firstCount: (pid: number) => number) {
    this.#firstCount = firstCount;
  }

  writeTable(pid: number, section: Uint8Array): void {
    const pointer = Uint8Array.of(0);
    const padding = new Uint8Array(packetSize - 5 - section.length).fill(0xff);
    this.#write(pid, { payload: Buffer.concat([pointer, section, padding]), isStart: true });
  }

  writePacketised(pid: number, unit: Packetised): void {
    const bytes = Buffer.concat([packetHeader(unit), unit.payload]);
    let adaptation = unit.clockReference === undefined ? undefined : adaptationField(unit);
    for (let at = 0; at < bytes.length;) {
      const space = packetSize - 4 - (adaptation ? adaptation.length + 1 : 0);
      const payload = bytes.subarray(at, at + space);
      this.#write(pid, { payload, isStart: at === 0, adaptation });
      at += payload.length;
      adaptation = undefined;
    }
  }

  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat(this.#packets));
  }

  #write(
    pid: number,
    part: { payload: Uint8Array; isStart: boolean; adaptation?: Uint8Array | undefined },
  ): void {
    const count = this.counts.get(pid) ?? 0;
    this.counts.set(pid, count + 1);
    const fields = stuff(part.adaptation, packetSize - 4 - part.payload.length);
    const header = Buffer.from([
      0x47,
      (part.isStart ? 0x40 : 0) | (pid >> 8),
      pid & 0xff,
      (fields.length > 0 ? 0x30 : 0x10) | ((this.#firstCount(pid) + count) & 15),
    ]);
    this.#packets.push(Buffer.concat([header, fields, part.payload]));
  }
}

/** Adds the length to the adaptation field, and stuffing bytes up to the fixed packet size. */
function stuff(adaptation: Uint8Array | undefined, space: number): Uint8Array {
  if (space === 0) return new Uint8Array();
  const field = Buffer.alloc(space, 0xff);
  field[0] = space - 1;
  if (space > 1) field.set(adaptation ?? [0], 1);
  return field;
}

function adaptationField({ clockReference = 0, isRandomAccess = false }: Packetised): Uint8Array {
  const base = BigInt(clockReference % timestampModulus);
  const field = Buffer.alloc(7);
  field[0] = 0x10 | (isRandomAccess ? 0x40 : 0);
  // PCR: 33 bits of base, six reserved bits set to 1, nine bits of extension set to 0.
  field.writeUIntBE(Number(base >> 1n), 1, 4);
  field[5] = (Number(base & 1n) << 7) | 0x7e;
  return field;
}

function packetHeader({ streamId, presentation, payload }: Packetised): Uint8Array {
  const length = payload.length + 8;
  const header = Buffer.alloc(14);
  header.set([0, 0, 1, streamId]);
  // The length 0 (unbounded) is allowed for video only. Audio frames always fit into 16 bits.
  header.writeUInt16BE(length > 0xffff ? 0 : length, 4);
  header.set([0x80, 0x80, 5], 6);
  const ticks = BigInt(presentation % timestampModulus);
  header[9] = 0x21 | (Number(ticks >> 30n) << 1);
  header.writeUInt16BE((Number((ticks >> 15n) & 0x7fffn) << 1) | 1, 10);
  header.writeUInt16BE((Number(ticks & 0x7fffn) << 1) | 1, 12);
  return header;
}
