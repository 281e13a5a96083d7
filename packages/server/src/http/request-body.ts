import { within } from './timeouts.js';
import { Problem } from './problem.js';
import type { HandlerContext } from './create-handler.js';

export interface BodyLimits {
  /** @defaultValue 16,384 */
  readonly maxBytes: number;
  /** @defaultValue 10,000 */
  readonly timeoutMs: number;
}

/**
 * Reads a JSON body, with limits on size and time.
 *
 * @throws Problem `media-type-unsupported`, `request-too-large`, `request-timeout`, `request-invalid`
 */
export async function readJsonBody(
  request: Request,
  { readBody }: Pick<HandlerContext, 'readBody'>,
  limits: BodyLimits,
): Promise<unknown> {
  const type = request.headers.get('Content-Type') ?? '';
  // This also protects against CSRF: a form of another site cannot send JSON without a preflight.
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new Problem('media-type-unsupported', 'The body is not JSON.', {
      hint: 'Send Content-Type: application/json.',
    });
  }
  const text = decodeUtf8(await readBounded(request, readBody ?? streamReader(request), limits));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem('request-invalid', 'The body is not valid JSON.', { hint: 'Send one JSON object.' });
  }
}

async function readBounded(
  request: Request,
  readBody: NonNullable<HandlerContext['readBody']>,
  { maxBytes, timeoutMs }: BodyLimits,
): Promise<Uint8Array> {
  if (Number(request.headers.get('Content-Length')) > maxBytes) throw tooLarge(maxBytes);
  try {
    const bytes = await within(timeoutMs, readBody(maxBytes), tooLate);
    if (bytes) return bytes;
    throw tooLarge(maxBytes);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('request-invalid', 'The body is incomplete.', { cause: error });
  }
}

/** Reads `request.body`, which every runtime has. */
function streamReader(request: Request): NonNullable<HandlerContext['readBody']> {
  return async (maxBytes) => {
    const reader = request.body?.getReader();
    if (!reader) return new Uint8Array();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return concatenate(chunks, size);
      size += value.byteLength;
      if (size > maxBytes) {
        // Otherwise the runtime would read an endless body in the background.
        void reader.cancel().catch(() => undefined);
        return null;
      }
      chunks.push(value);
    }
  };
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

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem('request-invalid', 'The body is not UTF-8.');
  }
}

function tooLate(): Problem {
  return new Problem('request-timeout', 'The body did not arrive in time.');
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('request-too-large', `The body is larger than ${String(maxBytes)} bytes.`);
}
