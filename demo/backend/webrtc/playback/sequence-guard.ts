/**
 * Decides which packets of one SSRC can be encrypted. SRTP counts how often the sequence number of 16 bits started again, and
 * werift finds this out from the order of the packets alone: it loses count with a packet that is late across the start, or
 * with a gap of more than 100 packets there. From then on, the receiver could not decrypt anything.
 * @see https://www.rfc-editor.org/rfc/rfc3711#section-3.3.1
 */
export class SequenceGuard {
  #last: number | undefined;

  /**
   * Call it for each packet in the order of sending.
   * @returns `send`; `drop` if the packet is late across the start; `fill` if a packet with the number 0 must be sent first.
   */
  next(sequenceNumber: number): 'send' | 'drop' | 'fill' {
    const last = this.#last;
    if (last === undefined) {
      this.#last = sequenceNumber;
      return 'send';
    }
    const isForward = ((sequenceNumber - last) & 0xffff) < 0x8000;
    if (!isForward) {
      if (sequenceNumber > last || sequenceNumber === 0) return 'drop';
      return 'send';
    }
    this.#last = sequenceNumber;
    return sequenceNumber < last && sequenceNumber !== 0 ? 'fill' : 'send';
  }
}
