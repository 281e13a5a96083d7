import type { TokenSession } from '../session/open-session.js';
import { sendAuthorized } from '../session/send-authorized.js';
import type { CommonMediaResponse, SentRequest } from './sent-request.js';

/**
 * Sends a request again, and puts its response in place of the refusal.
 *
 * @returns whether a response came.
 */
export async function repeatRequest(
  session: TokenSession,
  target: CommonMediaResponse,
  { request, authorized, life: { signal } }: SentRequest,
): Promise<boolean> {
  const { method = 'GET', headers = {}, credentials, body, responseType, timeout } = request;
  try {
    const init = { method, headers, signal, ...(credentials && { credentials }), ...(body && { body }) };
    const { response, data } = await sendAuthorized(session, authorized, init, timeout);
    const { url, status, statusText } = response;
    Object.assign(target, { url, status, statusText });
    target.headers = Object.fromEntries(response.headers);
    target.data = bodyOf(data, responseType);
    return true;
  } catch {
    return false;
  }
}

/** The body as XMLHttpRequest gives it. */
function bodyOf(data: ArrayBuffer, responseType: string | undefined): unknown {
  if (responseType === 'arraybuffer') return data;
  const text = new TextDecoder().decode(data);
  return responseType === 'json' ? (JSON.parse(text) as unknown) : text;
}
