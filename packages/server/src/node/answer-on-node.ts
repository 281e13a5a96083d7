import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { answererOf, type FetchHandler, type HandlerContext } from '../http/create-handler.js';
import { isStreamed, textOf, type TextAnswer } from '../http/text-response.js';
import { sendStreamed } from './send-streamed.js';

/** Runs a handler, and sends the response if it is a text or is made in parts. Resolves with any other response, which the caller sends. */
export async function answerOnNode(
  handler: FetchHandler,
  request: Request,
  context: HandlerContext,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<Response> {
  const answer = await answererOf(handler)(request, context);
  if (answer instanceof Response && isStreamed(answer)) {
    void sendStreamed(answer, incoming, outgoing);
    return RESPONSE_ALREADY_SENT;
  }
  const text = answer instanceof Response ? textAnswerOf(answer) : answer;
  if (text && !outgoing.destroyed) send(text, incoming, outgoing);
  return !text && answer instanceof Response ? answer : RESPONSE_ALREADY_SENT;
}

/** The parts of a response whose text is known. */
function textAnswerOf(response: Response): TextAnswer | null {
  const text = textOf(response);
  if (text === undefined) return null;
  const { 'set-cookie': _, ...headers } = Object.fromEntries(response.headers);
  return { status: response.status, headers, setCookies: response.headers.getSetCookie(), text };
}

function send(
  { status, headers, setCookies, text }: TextAnswer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const head: OutgoingHttpHeaders = { ...headers, 'Content-Length': Buffer.byteLength(text) };
  if (setCookies.length > 0) head['Set-Cookie'] = [...setCookies];
  // The body was not read to its end. Close the connection, so that the rest is not parsed as the next request.
  if (!incoming.complete) head['Connection'] = 'close';
  outgoing.writeHead(status, head).end(text);
}
