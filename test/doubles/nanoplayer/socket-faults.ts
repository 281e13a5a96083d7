/** What the server does with the next connection, regardless of its token. */
export interface SocketInstruction {
  /** HTTP status that refuses the handshake. Browsers hide it from scripts. */
  readonly handshakeStatus?: number;
  /** Close code, sent at once as a refusal, or after `afterMs` of media. */
  readonly closeCode?: number;
  readonly afterMs?: number;
  /** Accepts the connection and sends nothing. */
  readonly isHeld?: boolean;
}

/** A command of a test. Its members take effect together. */
export interface ControlRequest {
  /** One instruction for each of the next connections. */
  readonly next?: readonly SocketInstruction[];
  /** Refuses every handshake with this status; 0 ends that. */
  readonly refuseHandshakes?: number;
  /** Closes the open connections with this code. */
  readonly closeAll?: number;
  /** Sends a code for information, as with a metadata packet, to the open connections. */
  readonly notice?: number;
  /** The broadcast ends: all streams whose name starts with this. */
  readonly stopStream?: string;
  /** The broadcast is back. */
  readonly startStream?: string;
  /** Ends all faults and clears the lists. */
  readonly reset?: boolean;
}

/** The faults that tests have commanded. */
export class SocketFaults {
  #instructions: SocketInstruction[] = [];
  #handshakeStatus = 0;
  readonly #stopped = new Set<string>();

  apply({ next, refuseHandshakes, stopStream, startStream, reset }: ControlRequest): void {
    if (reset) {
      this.#instructions = [];
      this.#handshakeStatus = 0;
      this.#stopped.clear();
    }
    if (next) this.#instructions.push(...next);
    if (refuseHandshakes !== undefined) this.#handshakeStatus = refuseHandshakes;
    if (stopStream !== undefined) this.#stopped.add(stopStream);
    if (startStream !== undefined) this.#stopped.delete(startStream);
  }

  /** The instruction for the connection that starts now. */
  next(): SocketInstruction {
    if (this.#handshakeStatus !== 0) return { handshakeStatus: this.#handshakeStatus };
    return this.#instructions.shift() ?? {};
  }

  isStopped(stream: string): boolean {
    return [...this.#stopped].some((prefix) => stream.startsWith(prefix));
  }
}
