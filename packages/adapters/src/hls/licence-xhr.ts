/** A request as hls.js, or the page's `licenseXhrSetup`, has set it. */
export interface SetRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly credentials: RequestCredentials;
  readonly signal: AbortSignal;
}

/** What is read of a response. */
export interface XhrResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers?: Headers;
  readonly url?: string;
  readonly data: ArrayBuffer | null;
}

/**
 * Sends the request.
 *
 * @returns what the `XMLHttpRequest` then has; `null` if it is never done.
 */
export type SendRequest = (
  request: SetRequest,
  body: XMLHttpRequestBodyInit | null,
) => Promise<XhrResponse | null>;

const taken = new WeakSet<XMLHttpRequest>();

/**
 * Lets an `XMLHttpRequest` that is not open yet be sent by another function. hls.js requests licences with one, which it gives
 * to `licenseXhrSetup` first. Code that sets it or reads its response sees no difference, except that `responseXML` and `upload`
 * have nothing, and that time limits are ours.
 */
export function takeOverXhr(xhr: XMLHttpRequest, givenUrl: string, send: SendRequest): void {
  if (taken.has(xhr)) return;
  taken.add(xhr);
  const life = new AbortController();
  let headers = new Headers();
  let url = new URL(givenUrl, document.baseURI).href;
  let method = 'POST';
  let { readyState } = xhr;
  let result: XhrResponse | null = null;
  const needOpen = (): void => {
    if (!readyState) throw new DOMException('The request is not open yet.', 'InvalidStateError');
  };

  async function run(body: XMLHttpRequestBodyInit | null): Promise<void> {
    const credentials = xhr.withCredentials ? 'include' : 'same-origin';
    result = await send({ url, method, headers, credentials, signal: life.signal }, body);
    if (life.signal.aborted || !result) return;
    readyState = 4;
    for (const type of ['readystatechange', result.status ? 'load' : 'error', 'loadend'])
      xhr.dispatchEvent(new Event(type));
  }

  const members: Readonly<Record<string, () => unknown>> = {
    readyState: () => readyState,
    status: () => result?.status ?? 0,
    statusText: () => result?.statusText ?? '',
    response: () => readAs(xhr.responseType, result),
    responseText() {
      if (!/^(?:text)?$/.test(xhr.responseType))
        throw new DOMException('The response is not a text.', 'InvalidStateError');
      return readAs('text', result);
    },
    responseURL: () => result?.url ?? '',
  };
  for (const [name, get] of Object.entries(members))
    Object.defineProperty(xhr, name, { configurable: true, get });
  Object.assign(xhr, {
    open(givenMethod: string, address: string | URL) {
      method = givenMethod;
      url = new URL(address, document.baseURI).href;
      headers = new Headers();
      readyState = 1;
    },
    setRequestHeader(name: string, value: string) {
      // hls.js then opens it and asks the page's code again.
      needOpen();
      headers.append(name, value);
    },
    getResponseHeader: (name: string) => result?.headers?.get(name) ?? null,
    getAllResponseHeaders: () =>
      [...(result?.headers ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join(''),
    abort() {
      life.abort();
    },
    send: (body: XMLHttpRequestBodyInit | null = null) => void run(body),
  });
}

/** The body as `XMLHttpRequest.response` has it. */
function readAs(type: XMLHttpRequestResponseType, result: XhrResponse | null): unknown {
  const data = result?.data ?? null;
  if (type === '' || type === 'text') return data ? new TextDecoder().decode(data) : '';
  if (!data || type === 'arraybuffer') return data;
  if (type === 'json') return readJson(new TextDecoder().decode(data));
  const contentType = result?.headers?.get('Content-Type') ?? '';
  return type === 'blob' ? new Blob([data], { type: contentType }) : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
