import type { TokenFunction, TokenRequest } from '@gatecast/token';
import type { EmbedProblem, HostMessage } from './embed-messages.js';
import { BODY_LIMIT } from './read-messages.js';

type TokenAnswerMessage = Extract<HostMessage, { type: 'token-response' }>;

const JSON_TYPE = 'application/json';

/**
 * Calls the page's function for a request of the frame, and writes its response as a message. Never rejects: what goes wrong is a
 * message too. What the frame cannot say is reported here: mistakes of the function as uncaught errors, and its errors without a status.
 *
 * @returns the message, or null if the request was aborted.
 */
export async function answerTokens(
  tokenSource: TokenFunction,
  id: number,
  request: TokenRequest,
  signal: AbortSignal,
  report: (problem: EmbedProblem) => void,
): Promise<TokenAnswerMessage | null> {
  try {
    const message = await write(id, await tokenSource(request, { signal }), report);
    return signal.aborted ? null : message;
  } catch (error) {
    if (signal.aborted) return null;
    explain(error, report);
    return writeError(id, error);
  }
}

async function write(
  id: number,
  answer: unknown,
  report: (problem: EmbedProblem) => void,
): Promise<TokenAnswerMessage> {
  const message = isResponse(answer)
    ? await writeResponse(id, answer)
    : tokenMessage(id, 200, toJson(answer));
  const fault = message === null ? SEVERAL_PARTS : message.body.length > BODY_LIMIT ? TOO_LARGE : null;
  if (!fault) return message ?? tokenMessage(id, 400, '');
  report(fault);
  // Final: the next response would have the same form.
  return tokenMessage(id, fault === TOO_LARGE ? 413 : 400, '');
}

/** @returns null for a response with media after the tokens: the frame loads them itself. */
async function writeResponse(id: number, response: Response): Promise<TokenAnswerMessage | null> {
  const { status, headers } = response;
  const contentType = headers.get('Content-Type') ?? JSON_TYPE;
  if (/^multipart\//i.test(contentType)) return null;
  return tokenMessage(id, status, await response.text(), contentType, headers.get('Retry-After') ?? '');
}

function toJson(answer: unknown): string {
  const body: unknown = JSON.stringify(answer);
  if (typeof body !== 'string') throw new TypeError('tokenSource returned no token response.');
  return body;
}

const TOO_LARGE: EmbedProblem = {
  code: 'token-response-too-large',
  message: 'The token response is too large for the frame.',
  hint: 'Return at most 4 MiB.',
  retryable: false,
  status: null,
};
const SEVERAL_PARTS: EmbedProblem = {
  code: 'token-response-invalid',
  message: 'The token response has several parts (multipart), which do not go into the frame.',
  hint: 'Let the token endpoint of this page respond with JSON only.',
  retryable: false,
  status: null,
};

/** Says in this page what only this page can mend. A refusal has a status, and the frame shows it. */
function explain(error: unknown, report: (problem: EmbedProblem) => void): void {
  const { name, code, message, hint, retryable, status } = fieldsOf(error);
  if (name === 'GatecastError') {
    if (typeof status === 'number') return;
    report({
      ...{ code: String(code), message: String(message), hint: String(hint) },
      ...{ retryable: retryable === true, status: null },
    });
    return;
  }
  queueMicrotask(() => {
    throw error;
  });
}

function fieldsOf(error: unknown): Partial<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? error : {};
}

/**
 * What the function throws, as the response that has the same effect in the frame: a `GatecastError` with a status as a refusal, and
 * with its code if that ends the access. Its text stays in this page.
 */
function writeError(id: number, error: unknown): TokenAnswerMessage {
  const { code, status, reason, retryable, retryAfterMs } = fieldsOf(error);
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
