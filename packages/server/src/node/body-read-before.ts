import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { Problem } from '../http/problem.js';

/** What the framework around the handler may have put on the request of Node.js. */
type NodeRequest = (IncomingMessage | Http2ServerRequest) & {
  readonly body?: unknown;
  readonly rawBody?: unknown;
};

const NOT_LEFT = 'The body of the request was read before the handler, and request.body does not have it.';
const HINT =
  'Mount the handler before the body parser, or set body of the Node.js request to the parsed body.';

/**
 * The body of a request whose stream was read before, such as by a body parser. `null` if the stream can still be read.
 *
 * Call the function to get the bytes: those of `rawBody` or `body`, a text as it is, and parsed JSON written as JSON again.
 * It throws a Problem `request-invalid` for data that cannot be written as JSON, and `internal` if the framework left no data.
 *
 * @param onLost - called before `internal` is thrown: the program needs a change.
 */
export function bodyReadBefore(
  incoming: NodeRequest,
  onLost: (message: string) => void,
): (() => Uint8Array) | null {
  if (!incoming.readableEnded && !incoming.readableDidRead) return null;
  const { rawBody, body } = incoming;
  return () => {
    const bytes = rawBody instanceof Uint8Array ? rawBody : bytesOf(body);
    if (bytes) return bytes;
    onLost(`${NOT_LEFT} ${HINT}`);
    throw new Problem('internal', NOT_LEFT, { hint: HINT });
  };
}

function bytesOf(body: unknown): Uint8Array | null {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  if (!isPlain(body)) return null;
  try {
    return Buffer.from(JSON.stringify(body));
  } catch (error) {
    // Parsed data may be nested deeper than JSON.stringify can follow.
    throw new Problem('request-invalid', 'The body cannot be read as JSON.', { cause: error });
  }
}

/** What `JSON.parse` returns, also from another realm. Not a stream, a form or a function. */
function isPlain(body: unknown): boolean {
  if (body === null || typeof body === 'number' || typeof body === 'boolean') return true;
  if (typeof body !== 'object') return false;
  if (Array.isArray(body)) return true;
  const prototype: unknown = Object.getPrototypeOf(body);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
