import type { IncomingMessage } from 'node:http';

/**
 * Reads a body by its events, which costs a fraction of what a web stream over it does. Resolves with `null` once it
 * is larger than `maxBytes`; what else arrives is then dropped unread.
 */
export function readNodeBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve(null);
    };
    incoming
      .on('data', onData)
      .once('end', () => resolve(Buffer.concat(chunks, Math.min(size, maxBytes))))
      .once('error', reject)
      .once('close', () => reject(new Error('The request was closed before its end.')));
  });
}
