import { createSocket, type Socket } from 'node:dgram';
import { Bottleneck } from './bottleneck.js';

export interface UdpRelayOptions {
  /** Half of it in each direction, in milliseconds. */
  readonly roundTripMs: number;
  readonly queueMs: number;
}

/** UDP to servers on this machine through a narrow upload. Timers that fire late make the round trip longer, not the rate lower. */
export interface UdpRelay {
  /** @returns the port of 127.0.0.1 that leads to the server's port. */
  reach(port: number): Promise<number>;
  /** @param kbps - rate of the upload, all servers together; `null` for any. */
  setRate(kbps: number | null): void;
  close(): void;
}

const HOST = '127.0.0.1';

export function createUdpRelay({ roundTripMs, queueMs }: UdpRelayOptions): UdpRelay {
  const upload = new Bottleneck({ kbps: null, queueMs });
  const ports = new Map<number, Promise<number>>();
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const later = (waitMs: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, waitMs);
    timers.add(timer);
  };
  const open = (): Socket => {
    const socket = createSocket('udp4');
    sockets.add(socket);
    return socket;
  };

  async function relay(port: number): Promise<number> {
    const front = open();
    /** By port of the browser: the server must see one address for each. */
    const backs = new Map<number, Socket>();
    const backOf = (from: number): Socket => {
      const found = backs.get(from);
      if (found) return found;
      const back = open();
      back.on('message', (reply) => later(roundTripMs / 2, () => front.send(reply, from, HOST)));
      backs.set(from, back);
      return back;
    };
    front.on('message', (packet, { port: from }) => {
      const nowMs = performance.now();
      const leavesAtMs = upload.pass(packet.length, nowMs);
      const back = backOf(from);
      if (leavesAtMs !== null)
        later(leavesAtMs - nowMs + roundTripMs / 2, () => back.send(packet, port, HOST));
    });
    await new Promise<void>((resolve) => front.bind(0, HOST, resolve));
    return front.address().port;
  }

  return {
    reach(port) {
      const known = ports.get(port) ?? relay(port);
      ports.set(port, known);
      return known;
    },
    setRate: (kbps) => upload.setRate(kbps),
    close() {
      timers.forEach((timer) => clearTimeout(timer));
      sockets.forEach((socket) => socket.close());
    },
  };
}
