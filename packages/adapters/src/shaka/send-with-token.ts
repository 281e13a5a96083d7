import type shaka from 'shaka-player';
import {
  GatecastError,
  keptUrl,
  redactText,
  replaceAfterFailure,
  type AuthorizedRequest,
  type FailedAnswer,
} from '@gatecast/token';
import { licenceAuthorizer } from '../session/licence-authorizer.js';
import type { TokenSend } from './token-send.js';

/** Sends a request with its token. @throws shaka.util.Error without a token in it. */
export async function sendWithToken(send: TokenSend): Promise<shaka.extern.Response> {
  const { shaka, claim, url, signal } = send;
  const { session, stream, licencePlacement } = claim;
  const authorizer = licenceAuthorizer(session, licencePlacement, url);
  try {
    let authorized =
      authorizer.authorizeNow(url, stream) ?? (await authorizer.authorize(url, stream, { signal }));
    for (let isRepeat = false; ; isRepeat = true) {
      try {
        const response = await transport(send, authorized);
        const { uri, headers } = response;
        authorizer.accepted(stream, authorized, { url: uri, headers: new Headers(headers) });
        return cleanResponse(response, send, authorized);
      } catch (error) {
        if (!(error instanceof shaka.util.Error)) throw error;
        const status = cleanError(error, send, authorized);
        const failed = { url, stream, authorized, isRepeat, status, answer: answerOf(error) };
        const next = await replaceAfterFailure(authorizer, failed, { signal }).catch((reason: unknown) => {
          session.report(stream, reason);
        });
        if (!next) throw error;
        authorized = next;
      }
    }
  } catch (error) {
    throw asShakaError(error, send);
  }
}

/** Sends one request, with the library’s own plugin unless that would send the token on to the origin of a redirect. */
async function transport(send: TokenSend, authorized: AuthorizedRequest): Promise<shaka.extern.Response> {
  if (authorized.redirect === 'manual' || authorized.prove) {
    const { fetchHere } = await import('./fetch-here.js');
    return fetchHere(send, authorized);
  }
  const { own, request, rest, signal } = send;
  // The token replaces a header that the page has set in another case.
  const merged = new Headers(request.headers);
  for (const [name, value] of Object.entries(authorized.headers)) merged.set(name, value);
  const headers = Object.fromEntries(merged);
  const allowCrossSiteCredentials = request.allowCrossSiteCredentials || authorized.credentials === 'include';
  const operation = own(authorized.url, { ...request, headers, allowCrossSiteCredentials }, ...rest);
  const abort = (): void => {
    void operation.abort();
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await operation.promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function cleanResponse(
  response: shaka.extern.Response,
  { shaka, claim, url, request, rest: [type] }: TokenSend,
  authorized: AuthorizedRequest,
): shaka.extern.Response {
  const uri = keptUrl(url, authorized, response.uri);
  const clean = { ...response, uri, originalUri: url, originalRequest: request };
  if (type !== shaka.net.NetworkingEngine.RequestType.MANIFEST) return clean;
  const text = new TextDecoder().decode(response.data);
  const kept = claim.session.authorizer.withoutTokens(text, response.uri);
  return kept === text ? clean : { ...clean, data: new TextEncoder().encode(kept).buffer };
}

/**
 * An error has the addresses of the request and of its response, and in builds for debugging in its text, too.
 *
 * @returns the status; 0 without a response that the browser shows; -1 for other errors.
 */
function cleanError(
  error: shaka.util.Error,
  { shaka, url }: TokenSend,
  authorized: AuthorizedRequest,
): number {
  const { BAD_HTTP_STATUS, HTTP_ERROR } = shaka.util.Error.Code;
  for (const text of ['message', 'stack'] as const) error[text] &&= redactText(error[text]);
  const data = (error.data as unknown[]).map((value) => {
    if (typeof value !== 'string') return value;
    return URL.canParse(value) ? keptUrl(url, authorized, value) : redactText(value);
  });
  error.data = data;
  if (error.code === BAD_HTTP_STATUS) return Number(data[1]);
  return error.code === HTTP_ERROR ? 0 : -1;
}

/** The response that an error describes. */
function answerOf({ data }: shaka.util.Error): FailedAnswer {
  const [, , body, headers, , url] = data as unknown[];
  return { data: body, headers, url } as FailedAnswer;
}

function asShakaError(error: unknown, { shaka, url, rest: [type], signal }: TokenSend): unknown {
  const { aborted } = signal;
  if (!aborted && error instanceof shaka.util.Error) return error;
  const { Code, Severity, Category } = shaka.util.Error;
  return new shaka.util.Error(
    error instanceof GatecastError && error.retryable ? Severity.RECOVERABLE : Severity.CRITICAL,
    Category.NETWORK,
    aborted ? Code.OPERATION_ABORTED : Code.HTTP_ERROR,
    url,
    error,
    type,
  );
}
