import { tokenRequestInit, type TokenRequest } from '@gatecast/contract';
import { GatecastError } from '../errors.js';
import { wrongOption } from '../check-options.js';
import type { TokenEndpointOptions } from './endpoint-options.js';

const STREAM = '{stream}';

/** A request as `fetch` takes it. */
export interface BuiltRequest {
  readonly url: string;
  readonly init: RequestInit;
}

/**
 * Builds the request for an endpoint of the page.
 *
 * @throws GatecastError `option-invalid` for what `fetch` would refuse, without naming it; `token-source-failed` for what a function
 *   of the page throws.
 */
export async function buildRequest(
  options: TokenEndpointOptions,
  request: TokenRequest,
): Promise<BuiltRequest> {
  const { method = 'POST', credentials = 'same-origin', map } = options;
  const { headers: usual, body: json, ...init } = tokenRequestInit(request, credentials);
  const url = await addressOf(options, request);
  const headers = new Headers(usual);
  if (map !== undefined) headers.set('Accept', 'application/json');
  let body: unknown = json;
  if (options.body) body = await called('body', () => options.body?.(request));
  if (method === 'GET') body = undefined;
  else if (options.body && isData(body)) body = await called('body', () => JSON.stringify(body));
  else if (options.body) headers.delete('Content-Type');
  if (body === undefined) headers.delete('Content-Type');
  for (const [name, value] of await headersOf(options, request)) headers.set(name, value);
  return { url, init: { ...init, method, headers, ...(body !== undefined && { body: body as BodyInit }) } };
}

async function addressOf(
  { url, method, batch }: TokenEndpointOptions,
  request: TokenRequest,
): Promise<string> {
  const { streams } = request;
  const given = typeof url === 'function' ? await called('url', () => url(request)) : url;
  const template = String(given);
  if (batch && template.includes(STREAM))
    throw wrongOption(
      'An address with {stream} is for one stream.',
      'Remove "batch", or {stream} from "url".',
    );
  const text = template.replaceAll(STREAM, () => encodeURIComponent(streams[0] ?? ''));
  const base = (globalThis as Partial<typeof globalThis>).document?.baseURI;
  const address = URL.canParse(text, base) ? new URL(text, base) : null;
  if (!address || !/^https?:$/.test(address.protocol) || address.username !== '' || address.password !== '')
    throw wrongOption(
      'The option "url" of tokenEndpoint gives no http or https address.',
      'Set "url" to an address without user and password, absolute or relative to the page.',
    );
  if (method === 'GET' && typeof url !== 'function' && template === text) {
    const fields = streams.map((stream) => `stream=${encodeURIComponent(stream)}`);
    // Written to the end, so that a query that is signed stays as it is.
    address.search += `${address.search === '' ? '?' : '&'}${fields.join('&')}`;
  }
  return address.href;
}

async function headersOf({ headers }: TokenEndpointOptions, request: TokenRequest): Promise<Headers> {
  const given = typeof headers === 'function' ? await called('headers', () => headers(request)) : headers;
  try {
    return new Headers(given);
  } catch {
    // The error of the browser has the value.
    throw wrongOption(
      'The option "headers" of tokenEndpoint gives fields that a request cannot have.',
      'Check the names, and that no value is undefined or has a line end.',
    );
  }
}

/** Is it sent as JSON? */
function isData(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return typeof body !== 'string' && body !== undefined;
  const prototype: unknown = Object.getPrototypeOf(body);
  return (
    Array.isArray(body) || prototype === null || Object.prototype.toString.call(body) === '[object Object]'
  );
}

/** Calls a function of the page. @throws GatecastError `token-source-failed` with what it throws as the cause. */
async function called<T>(name: string, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof GatecastError) throw cause;
    throw new GatecastError('token-source-failed', `The function "${name}" of tokenEndpoint failed.`, {
      hint: 'See the cause.',
      retryable: true,
      cause,
    });
  }
}
