import { connect } from 'node:net';

/** A request that is sent again and again, each time after the response to the one before. */
export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  /** JSON text. */
  readonly body: string;
  readonly connections: number;
  readonly ms: number;
}

/**
 * Keeps connections of a server on this machine busy with one request. Writes to plain sockets: the client of `node:http` takes
 * longer than a fast server, which would then wait, and each wake-up costs the server processor time.
 *
 * @returns the latency of each response in milliseconds.
 * @throws Error for a status other than 200.
 */
export async function loadServer(options: LoadOptions): Promise<number[]> {
  const { port, path, body, connections } = options;
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const endMs = performance.now() + options.ms;
  const all = await Promise.all(Array.from({ length: connections }, () => askOn(port, request, endMs)));
  return all.flat();
}

function askOn(port: number, request: Buffer, endMs: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const delaysMs: number[] = [];
    const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    let sentMs = 0;
    let received = '';
    function send(): void {
      sentMs = performance.now();
      received = '';
      socket.write(request);
    }
    function onData(text: string): void {
      received += text;
      if (!isWhole(received)) return;
      if (!received.startsWith('HTTP/1.1 200 ')) {
        socket.destroy(new Error(`The server answered ${received.slice(9, 12)}.`));
        return;
      }
      delaysMs.push(performance.now() - sentMs);
      if (performance.now() < endMs) send();
      else socket.destroy();
    }
    socket.on('connect', send).on('data', onData).on('error', reject);
    socket.on('close', () => {
      if (performance.now() < endMs) reject(new Error('The server closed the connection.'));
      else resolve(delaysMs);
    });
  });
}

/** Only for responses with `Content-Length` and ASCII text. */
function isWhole(received: string): boolean {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1]);
  return received.length >= headEnd + 4 + length;
}
