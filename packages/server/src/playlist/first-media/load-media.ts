import type { ByteRange } from '@gatecast/contract';
import { abortAfter, deadline } from '../../http/timeouts.js';
import type { SentRequest } from '../fetch-playlist.js';
import { MediaBody, type MediaFault } from './media-body.js';
import type { MediaMemory } from './media-memory.js';

export interface LoadMediaOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly maxBytes: number;
  /** Longest time until the origin begins to respond, in milliseconds. */
  readonly firstByteMs: number;
  /** Longest time for all bytes, in milliseconds. */
  readonly timeoutMs: number;
  readonly memory: MediaMemory;
  readonly onFault: (fault: MediaFault) => void;
}

/** RFC 9110 section 8.3.1, without what could not stand in a header field. */
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}$/;

/**
 * Requests an init or media segment from the origin. The bytes arrive in the result, which has failed if they do not. Follows no
 * redirect: the address after it could be one that must not get the token.
 */
export function loadMedia(
  request: SentRequest,
  range: ByteRange | null,
  options: LoadMediaOptions,
): MediaBody {
  const body = new MediaBody(options.memory);
  void fill(body, request, range, options);
  return body;
}

async function fill(
  body: MediaBody,
  request: SentRequest,
  range: ByteRange | null,
  options: LoadMediaOptions,
): Promise<void> {
  // Some runtimes refuse their own fetch if it is called as a method of another object.
  const { fetch, firstByteMs, timeoutMs, onFault } = options;
  const { signal, isLate, stop } = abortAfter(timeoutMs, body.signal);
  const first = deadline(firstByteMs, () => new Error('The origin did not respond in time.'));
  // Responses end after the same time, which looks as if nobody needs the media.
  first.late.catch(() => {
    onFault('origin-busy');
    body.cancel('origin-busy');
  });
  // At once, and not when the fetch reacts.
  signal.addEventListener(
    'abort',
    () => {
      stop();
      first.stop();
      body.fail(isLate() ? 'origin-busy' : null);
      if (isLate()) onFault('origin-busy');
    },
    { once: true },
  );
  let fault: MediaFault | null = 'origin-busy';
  try {
    const response = await fetch(request.url, {
      redirect: 'manual',
      headers: {
        ...request.headers,
        Accept: '*/*',
        // The length of the part must be known before its first byte.
        'Accept-Encoding': 'identity',
        ...(range && { Range: `bytes=${rangeText(range)}` }),
      },
      signal,
    });
    first.stop();
    fault = faultOf(response, range);
    if (fault) await response.body?.cancel();
    else fault = await read(response, range, body, options);
  } catch {
    fault = 'origin-busy';
  } finally {
    first.stop();
    stop();
  }
  body.fail(fault);
  // Aborted because of the time limit, which is reported, or because nobody reads it, for which the origin is not to blame.
  if (fault && !signal.aborted) onFault(fault);
}

async function read(
  response: Response,
  range: ByteRange | null,
  body: MediaBody,
  { maxBytes }: LoadMediaOptions,
): Promise<MediaFault | null> {
  const contentType = typeOf(response);
  const known = lengthOf(response) ?? (range && range.end - range.start);
  const reader = response.body?.getReader();
  const isFitting = (known ?? 0) <= maxBytes;
  const isEmpty = !reader || known === 0;
  const fault = isEmpty ? 'origin-refused' : isFitting ? null : 'too-large';
  if (isEmpty || fault || !body.reserve(known ?? maxBytes)) {
    await reader?.cancel();
    return fault ?? 'memory-full';
  }
  if (known !== null) body.begin({ contentType, length: known });
  const early: Uint8Array[] = [];
  let length = 0;
  while (body.state === 'open') {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > (known ?? maxBytes)) body.fail(known === null ? 'too-large' : 'origin-refused');
    else if (known === null) early.push(value);
    else body.append(value);
  }
  if (body.state !== 'open') {
    await reader.cancel();
    return body.fault ?? 'origin-refused';
  }
  if (known === null) {
    body.begin({ contentType, length });
    for (const chunk of early) body.append(chunk);
  }
  body.end();
  return stateOf(body) === 'whole' ? null : 'origin-refused';
}

/** `end` changes the state, which TypeScript does not see. */
function stateOf({ state }: MediaBody): MediaBody['state'] {
  return state;
}

function faultOf(response: Response, range: ByteRange | null): MediaFault | null {
  const { status } = response;
  if (status >= 500 || status === 429) return 'origin-busy';
  if (status !== (range ? 206 : 200)) return 'origin-refused';
  // An origin may send another range than that of the request (RFC 9110 section 14.2).
  const isOther = range && !response.headers.get('Content-Range')?.startsWith(`bytes ${rangeText(range)}/`);
  return isOther ? 'origin-refused' : null;
}

/** `null` if it is not known; the length of a compressed response is not that of its bytes. */
function lengthOf({ headers }: Response): number | null {
  const text = headers.get('Content-Length') ?? '';
  const encoding = headers.get('Content-Encoding') ?? 'identity';
  return encoding === 'identity' && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function typeOf({ headers }: Response): string {
  const [type = ''] = (headers.get('Content-Type') ?? '').split(';', 1);
  return MEDIA_TYPE.test(type.trim()) ? type.trim() : 'application/octet-stream';
}

/** First and last byte, as in `Range` and `Content-Range`. */
export function rangeText({ start, end }: ByteRange): string {
  return `${String(start)}-${String(end - 1)}`;
}
