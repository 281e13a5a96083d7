import type { TokenFunction, TokenRequest } from '@gatecast/token';
import type { HostMessage } from './embed-messages.js';
import { BODY_LIMIT } from './read-messages.js';

type TokenAnswerMessage = Extract<HostMessage, { type: 'token-response' }>;

const JSON_TYPE = 'application/json';

/**
 * Calls the page's function for a request of the frame, and writes its response as a message. Never rejects: what goes wrong is a
 * message too.
 *
 * @returns the message, or null if the request was aborted.
 */
export async function answerTokens(
  tokenSource: TokenFunction,
  id: number,
  request: TokenRequest,
  signal: AbortSignal,
): Promise<TokenAnswerMessage | null> {
  let message: TokenAnswerMessage;
  try {
    message = await write(id, await tokenSource(request, { signal }));
  } catch (error) {
    message = writeError(id, error);
  }
  if (signal.aborted) return null;
  return message.body.length > BODY_LIMIT ? tokenMessage(id, 0, '') : message;
}

async function write(id: number, answer: unknown): Promise<TokenAnswerMessage> {
  if (!isResponse(answer)) {
    const body: unknown = JSON.stringify(answer);
    if (typeof body !== 'string') throw new TypeError('The function returned no token response.');
    return tokenMessage(id, 200, body);
  }
  const { status, headers } = answer;
  const contentType = headers.get('Content-Type') ?? JSON_TYPE;
  // Media after the tokens stay here: the frame loads them itself.
  if (/^multipart\//i.test(contentType)) throw new TypeError('The token response has several parts.');
  return tokenMessage(id, status, await answer.text(), contentType, headers.get('Retry-After') ?? '');
}

/**
 * What the function throws, as the response that has the same effect in the frame: a `GatecastError` with a status as a refusal, and
 * with its code if that ends the access. Its text stays in this page.
 */
function writeError(id: number, error: unknown): TokenAnswerMessage {
  const { code, status, reason, retryable, retryAfterMs } =
    typeof error === 'object' && error !== null ? (error as Partial<Record<string, unknown>>) : {};
  const isStatus = typeof status === 'number' && status >= 400 && status <= 599;
  const retryAfter = typeof retryAfterMs === 'number' ? String(Math.ceil(retryAfterMs / 1000)) : '';
  if (!isStatus) return tokenMessage(id, typeof code === 'string' && retryable === false ? 400 : 0, '');
  return tokenMessage(id, status, JSON.stringify({ code, reason }), 'application/problem+json', retryAfter);
}

export function tokenMessage(
  id: number,
  status: number,
  body: string,
  contentType = JSON_TYPE,
  retryAfter = '',
): TokenAnswerMessage {
  return { type: 'token-response', id, status, body, contentType, retryAfter };
}

/** `instanceof` does not find one from another window. */
function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]';
}
