/** A request as an endpoint receives it. */
export interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly contentType: string | null;
  /** `undefined` for GET. */
  readonly body: string | undefined;
  readonly credentials: RequestCredentials | undefined;
  readonly cache: RequestCache | undefined;
  readonly signal: AbortSignal | null | undefined;
}

type Answer = (request: SentRequest) => Response | Promise<Response>;

/** A `fetch` that records what it sends, with the headers that the platform adds, and responds by a function. */
export function fakeEndpoint(answer: Answer): { fetch: typeof globalThis.fetch; sent: SentRequest[] } {
  const sent: SentRequest[] = [];
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    const { headers, method, body } = new Request(url, { ...init, signal: null });
    const request: SentRequest = {
      ...{ url, method, headers, contentType: headers.get('Content-Type') },
      body: method === 'GET' ? undefined : await new Response(body).text(),
      ...{ credentials: init.credentials, cache: init.cache, signal: init.signal },
    };
    sent.push(request);
    return answer(request);
  };
  return { fetch, sent };
}
