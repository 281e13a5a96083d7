import type { IncomingMessage } from 'node:http';

/**
 * Reads a body with stream events, which is much faster than a web stream. Resolves with `null` if it is larger than
 * `maxBytes`; the rest of the body is then discarded.
 */
export function readNodeBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;

    function settle(bytes: Uint8Array | null): void {
      // Each request closes later, and with this listener that would create an error.
      incoming.off('data', onData).off('end', onEnd).off('error', reject).off('close', onClose);
      resolve(bytes);
    }
    function onData(data: Buffer | string): void {
      // A framework may have set an encoding.
      const chunk = typeof data === 'string' ? Buffer.from(data, incoming.readableEncoding ?? 'utf8') : data;
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      settle(null);
      incoming.resume();
    }
    function onEnd(): void {
      const [first] = chunks;
      settle(first && chunks.length === 1 ? first : Buffer.concat(chunks));
    }
    function onClose(): void {
      reject(new Error('The connection was closed before the end of the request.'));
    }

    if (incoming.destroyed) onClose();
    else incoming.on('data', onData).on('end', onEnd).on('error', reject).on('close', onClose);
  });
}
