import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Sends a response as it is made, and makes no more of it than the client reads. If its body fails, also while the client does not
 * read, the connection is closed. Never rejects.
 */
export async function sendStreamed(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) {
    outgoing.destroy();
    return;
  }
  // The connection may have ended while the response was made.
  if (outgoing.destroyed) await reader.cancel();
  outgoing.once('close', () => void reader.cancel().catch(() => undefined));
  reader.closed.catch(() => outgoing.destroy());
  setHead(response, incoming, outgoing);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!outgoing.write(value)) await drained(outgoing);
    }
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

/** Resolves when the client has read what was written, or is gone. */
function drained(outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = () => {
      outgoing.off('drain', settle);
      outgoing.off('close', settle);
      resolve();
    };
    outgoing.on('drain', settle);
    outgoing.on('close', settle);
  });
}

function setHead(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.statusCode = response.status;
  response.headers.forEach((value, name) => {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  });
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('Set-Cookie', cookies);
  // The body was not read to its end. Close the connection, so that the rest is not parsed as the next request.
  if (!incoming.complete) outgoing.setHeader('Connection', 'close');
}
