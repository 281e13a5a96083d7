import type { GatecastError } from '../errors.js';

export interface BodyOptions {
  /** Longest body in bytes, after content decoding. */
  readonly limitBytes: number;
  /** Creates the error for a longer body. */
  readonly tooLarge: () => GatecastError;
  /** Called after each chunk with the number of bytes so far. */
  readonly onProgress?: ((loadedBytes: number) => void) | undefined;
}

/**
 * Reads the body of a response up to a limit, so that an endless or compressed response cannot fill the memory. A longer
 * body is cancelled at the limit.
 *
 * @throws GatecastError the error of `tooLarge`. Otherwise what the stream throws.
 */
export async function readBody(
  { body }: Response,
  { limitBytes, tooLarge, onProgress }: BodyOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let loadedBytes = 0;
  for (;;) {
    const value = (await reader?.read())?.value;
    if (!value) break;
    loadedBytes += value.byteLength;
    if (loadedBytes > limitBytes) {
      // The response is of no use any more, whether or not the connection can be closed.
      reader?.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(value);
    onProgress?.(loadedBytes);
  }
  const bytes = new Uint8Array(loadedBytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** The same for a body of UTF-8 text; a byte order mark is removed. */
export async function readText(response: Response, options: BodyOptions): Promise<string> {
  return new TextDecoder().decode(await readBody(response, options));
}
