import type { TokenAnswer, TokenRequest } from '@gatecast/contract';
import { checkOptions, oneOf, wrongOption, type OptionKind, type OptionRule } from '../check-options.js';
import type { RenewSession } from './session-renewal.js';

/** Options of `tokenEndpoint`. Functions may be async. */
export interface TokenEndpointOptions<Answer = unknown> {
  /**
   * Address of the endpoint, absolute or relative to the page. Each `{stream}` in a text is replaced by the encoded name of the
   * stream. A function returns the address for a request.
   */
  readonly url: string | URL | ((request: TokenRequest) => string | URL | Promise<string | URL>);
  /**
   * With `GET`, the stream is the query field `stream`, unless `url` is a function or has `{stream}`. @defaultValue `POST`
   */
  readonly method?: 'GET' | 'POST' | undefined;
  /** Header fields of the request, or a function that returns them before each request. */
  readonly headers?:
    | RequestInit['headers']
    | ((request: TokenRequest) => RequestInit['headers'] | Promise<RequestInit['headers']>);
  /**
   * Returns the body of a `POST`. Objects are sent as JSON; text, `URLSearchParams`, `FormData` and bytes as they are.
   * @defaultValue the request as JSON: `purpose`, `streams` and `reason`
   */
  readonly body?: ((request: TokenRequest) => unknown) | undefined;
  /** Are cookies sent? As for `fetch`. @defaultValue `same-origin` */
  readonly credentials?: RequestCredentials | undefined;
  /**
   * Where the token is in a JSON response: the names of the members with dots between them (`data.playback.jwt`), or a function.
   * Either gives any accepted response: a token, an object with `token` or `access_token` and its expiry, and others. A function may
   * also return a `Response`, for an endpoint that reports failures with status 200.
   */
  readonly map?:
    | string
    | ((answer: Answer, request: TokenRequest) => TokenAnswer | Response | Promise<TokenAnswer | Response>)
    | undefined;
  /**
   * Renews the session of the page when the endpoint responds 401. The request is then repeated once; a second 401 is final. All
   * requests of the page that name this function share one call. It may return the `Response` of its own request. `false`, or a
   * response with a 4xx status other than 408, 425 and 429, ends it: the 401 is final. For an error that it throws and for other
   * failed responses, the whole request is tried again later, with backoff.
   */
  readonly renewSession?: RenewSession | undefined;
  /**
   * One request for all streams that need a token at the same time. Set it if the endpoint reads `streams` and responds with `tokens`.
   * @defaultValue false: each stream has a request of its own
   */
  readonly batch?: boolean | undefined;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const rules = {
  url: 'addressOrFunction',
  method: oneOf('GET', 'POST'),
  headers: 'objectOrFunction',
  body: 'function',
  map: 'membersOrFunction',
  credentials: 'credentials',
  renewSession: 'function',
  batch: 'boolean',
  fetch: 'function',
} satisfies Readonly<Record<keyof TokenEndpointOptions, OptionKind | OptionRule>>;

/** @throws GatecastError `option-invalid` for an option that does not exist or cannot have its value. Names no value. */
export function checkEndpointOptions(options: unknown): asserts options is TokenEndpointOptions {
  if (typeof options !== 'object' || options === null)
    throw wrongOption('tokenEndpoint has no options.', 'Pass an object with "url".');
  checkOptions('tokenEndpoint', options, rules);
  const { url, method, body } = options as Partial<TokenEndpointOptions>;
  if (url === undefined)
    throw wrongOption('tokenEndpoint has no address.', 'Set "url" to the address of your endpoint.');
  if (method === 'GET' && body)
    throw wrongOption('A request with GET has no body.', 'Remove "body", or set "method" to "POST".');
}
