/**
 * Reads a header bit by bit.
 * @throws RangeError from each method if the header is truncated or not valid.
 */
export class BitReader {
  #position = 0;
  constructor(private readonly bytes: Uint8Array) {}

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const byte = this.bytes[this.#position >> 3];
      if (byte === undefined) throw new RangeError('The header is truncated.');
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
      this.#position += 1;
    }
    return value;
  }

  skip(count: number): void {
    this.read(count);
  }

  /** Reads an unsigned Exp-Golomb code (H.264, 9.1). */
  golomb(): number {
    let zeros = 0;
    while (this.read(1) === 0) {
      zeros += 1;
      if (zeros > 31) throw new RangeError('The header is not valid.');
    }
    return 2 ** zeros - 1 + this.read(zeros);
  }

  signedGolomb(): number {
    const code = this.golomb();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
