import { GatecastError, type MediaRequest } from '@gatecast/token';

/** The options of hls.js that change requests. They get the address and the headers before the token is added. */
export interface PageHooks {
  readonly fetchSetup?: unknown;
  readonly xhrSetup?: unknown;
}

type FetchSetup = (context: unknown, init: RequestInit) => Request | Promise<Request>;
type XhrSetup = (xhr: XMLHttpRequest, url: string, context: unknown) => unknown;

/**
 * The request as the page's hooks have changed it: address, headers, credentials, and with `fetchSetup` also method, body
 * and cache mode. As in hls.js, `xhrSetup` may call `xhr.open`, and is called again after it where it throws before.
 *
 * @throws GatecastError `option-invalid` when a hook throws, or `fetchSetup` returns no `Request`.
 */
export async function applyPageHooks(
  { fetchSetup, xhrSetup }: PageHooks,
  request: MediaRequest,
  signal: AbortSignal,
): Promise<MediaRequest> {
  let result = request;
  if (typeof xhrSetup === 'function')
    result = await guarded('xhrSetup', () => applyXhrSetup(xhrSetup as XhrSetup, result));
  if (typeof fetchSetup === 'function')
    result = await guarded('fetchSetup', () => applyFetchSetup(fetchSetup as FetchSetup, result, signal));
  return result;
}

async function applyXhrSetup(setup: XhrSetup, request: MediaRequest): Promise<MediaRequest> {
  const { url } = request;
  const context = contextOf(request);
  const xhr = recordXhr();
  try {
    await setup(xhr, url, context);
  } catch {
    // Most hooks only set headers, which needs an open request.
    xhr.open('GET', url);
    await setup(xhr, url, context);
  }
  return {
    ...request,
    url: xhr.address || url,
    headers: { ...request.headers, ...Object.fromEntries(xhr.headers) },
    ...(xhr.withCredentials && { credentials: 'include' }),
  };
}

async function applyFetchSetup(
  setup: FetchSetup,
  request: MediaRequest,
  signal: AbortSignal,
): Promise<MediaRequest> {
  const headers = new Headers(request.headers);
  if (request.range)
    headers.set('Range', `bytes=${String(request.range.start)}-${String(request.range.end - 1)}`);
  const credentials = request.credentials ?? 'same-origin';
  const made: unknown = await setup(contextOf(request), {
    method: 'GET',
    mode: 'cors',
    credentials,
    signal,
    headers,
  });
  if (!(made instanceof Request)) throw new TypeError('It returned no Request.');
  const { method, cache, redirect, referrerPolicy, integrity } = made;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return {
    ...request,
    url: made.url,
    headers: Object.fromEntries(made.headers),
    credentials: made.credentials,
    init: {
      method,
      cache,
      referrerPolicy,
      integrity,
      ...(redirect !== 'follow' && { redirect }),
      ...(hasBody && { body: await made.arrayBuffer() }),
    },
  };
}

/** What hls.js gives its hooks; for a request that is sent before hls.js is there, as far as it is known. */
function contextOf({ context, url, responseType, headers, range }: MediaRequest): unknown {
  if (context) return context;
  return { url, responseType, headers, rangeStart: range?.start, rangeEnd: range?.end };
}

async function guarded<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new GatecastError('option-invalid', `The option ${name} of hls.js failed.`, {
      hint:
        name === 'fetchSetup'
          ? 'Let fetchSetup(context, initParams) return a Request: new Request(context.url, initParams).'
          : 'In xhrSetup(xhr, url), call only open, setRequestHeader and set withCredentials. Set more with fetchSetup.',
      cause,
    });
  }
}

/** Records what a hook sets. It is never sent, because the player sends its requests with `fetch`. */
function recordXhr() {
  return new (class RecordedXhr extends XMLHttpRequest {
    address = '';
    readonly headers = new Headers();

    override open(method: string, url: string | URL): void {
      super.open(method, url, true);
      this.address = new URL(url, document.baseURI).href;
    }

    override setRequestHeader(name: string, value: string): void {
      super.setRequestHeader(name, value);
      this.headers.append(name, value);
    }

    override send(): never {
      throw new TypeError('The player sends the request itself.');
    }
  })();
}
