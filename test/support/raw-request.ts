import { connect } from 'node:net';
import { HANG_LIMIT_MS } from './wait.js';

export interface RawAnswer {
  /** Status of the first response; 0 if the server closed the connection without one. */
  readonly status: number;
  readonly text: string;
}

export interface RawRequestOptions {
  /** Close the connection after sending, without waiting for an answer. */
  readonly abort?: boolean;
}

/**
 * Sends bytes to a server on the loopback address and resolves when the first response has arrived or the connection is
 * closed.
 *
 * @throws Error if neither happens.
 */
export function rawRequest(
  port: number,
  bytes: string | Buffer,
  { abort = false }: RawRequestOptions = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const limit = setTimeout(() => {
      socket.destroy();
      reject(new Error(`No answer to ${JSON.stringify(bytes.toString('latin1').slice(0, 80))}.`));
    }, HANG_LIMIT_MS);
    let text = '';
    const finish = (): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    };
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      socket.write(bytes, 'latin1', () => {
        if (abort) finish();
      });
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      // The response that counts comes after "100 Continue" (RFC 9110 section 15.2.1).
      text = text.replace(/^HTTP\/1\.1 100 [^]*?\r\n\r\n/, '');
      if (isComplete(text)) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}

/** Whether a response is complete, as far as tests need it: by its length, its last chunk or its status. */
function isComplete(text: string): boolean {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  if (rest.length === 0) return false;
  const body = rest.join('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return body.length >= Number(length);
  return /^HTTP\/1\.1 (?:101|204|304)/.test(head) || body.endsWith('0\r\n\r\n');
}
