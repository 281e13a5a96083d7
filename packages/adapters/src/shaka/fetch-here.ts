import type shaka from 'shaka-player';
import type { AuthorizedRequest } from '@gatecast/token';
import { sendAuthorized } from '../session/send-authorized.js';
import type { TokenSend } from './token-send.js';

/**
 * Sends a request with a proof of possession, or without following a redirect, which would take the token along. The library’s own
 * plugin does neither.
 *
 * @throws shaka.util.Error
 */
export async function fetchHere(
  { shaka: { util }, claim, url, request, rest: [type], signal }: TokenSend,
  authorized: AuthorizedRequest,
): Promise<shaka.extern.Response> {
  const { Code, Severity, Category } = util.Error;
  const fail = (code: shaka.util.Error.Code, ...data: unknown[]): shaka.util.Error =>
    new util.Error(Severity.RECOVERABLE, Category.NETWORK, code, url, ...data);
  const { method, headers, body, allowCrossSiteCredentials } = request;
  const { response, data } = await sendAuthorized(claim.session, authorized, {
    method,
    headers,
    signal,
    ...(body && { body: new Uint8Array(bytesOf(body)) }),
    ...(allowCrossSiteCredentials && { credentials: 'include' }),
  }).catch((error: unknown) => {
    throw fail(Code.HTTP_ERROR, error, type);
  });
  const { status } = response;
  const fields = Object.fromEntries(response.headers);
  const uri = response.url || url;
  if (!response.ok)
    throw fail(Code.BAD_HTTP_STATUS, status, new TextDecoder().decode(data), fields, type, uri);
  return { uri, originalUri: url, data, status, headers: fields, originalRequest: request };
}

function bytesOf(body: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : new Uint8Array(body);
}
