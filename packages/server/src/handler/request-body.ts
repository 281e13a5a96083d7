import { deadline } from '../clock.js';
import { Problem } from '../problem.js';

export interface BodyLimits {
  /** @defaultValue 16,384 */
  readonly maxBytes: number;
  /** @defaultValue 10,000 */
  readonly timeoutMs: number;
}

/**
 * Reads a JSON body within bounds of size and time.
 *
 * @throws Problem `media-type-unsupported`, `request-too-large`, `request-timeout`, `request-invalid`
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<unknown> {
  const type = request.headers.get('Content-Type') ?? '';
  // Only a JSON type makes browsers ask by preflight first, so this is also what keeps other sites' forms out.
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new Problem('media-type-unsupported', 'The body is not JSON.', {
      hint: 'Send Content-Type: application/json.',
    });
  }
  const text = decodeUtf8(await readBounded(request, limits));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem('request-invalid', 'The body is not valid JSON.', { hint: 'Send one JSON object.' });
  }
}

async function readBounded(request: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<Uint8Array> {
  if (Number(request.headers.get('Content-Length')) > maxBytes) throw tooLarge(maxBytes);
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const { late, stop } = deadline(
    timeoutMs,
    () => new Problem('request-timeout', 'The body did not arrive in time.'),
  );
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) break;
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(value);
    }
  } catch (error) {
    // Without this a sender of an endless body would be read to its end in the background.
    void reader.cancel().catch(() => undefined);
    if (error instanceof Problem) throw error;
    throw new Problem('request-invalid', 'The body broke off.', { cause: error });
  } finally {
    stop();
  }
  return concatenate(chunks, size);
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (first && chunks.length === 1) return first;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('request-invalid', 'The body is not UTF-8.');
  }
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('request-too-large', `The body is larger than ${String(maxBytes)} bytes.`);
}
