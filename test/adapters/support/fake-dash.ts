import type { LicenseRequest, MediaPlayerClass } from 'dashjs';

type RequestInterceptor = Parameters<MediaPlayerClass['addRequestInterceptor']>[0];
type ResponseInterceptor = Parameters<MediaPlayerClass['addResponseInterceptor']>[0];
type MediaRequest = Parameters<RequestInterceptor>[0];
export type MediaResponse = Parameters<ResponseInterceptor>[0];
type LicenceFilter = (request: LicenseRequest) => Promise<unknown>;

interface RequestDetails {
  readonly type: string;
  readonly mediaType?: string;
  readonly responseType?: string;
  readonly representation?: { readonly id: string };
}

/**
 * What `withTokens` uses of dash.js 5.2, in the order of its HTTPLoader: request interceptors, XMLHttpRequest, response interceptors,
 * which also run after an abort and for a response that the browser does not show.
 */
export class FakeDash {
  readonly requestInterceptors = new Set<RequestInterceptor>();
  readonly responseInterceptors = new Set<ResponseInterceptor>();
  readonly licenceFilters = new Set<LicenceFilter>();
  readonly listeners = new Map<string, () => void>();
  source: string | null = null;
  /** Of each request, in milliseconds. */
  timeout = 0;
  readonly #fetch: typeof globalThis.fetch;
  readonly #waiting: Record<string, unknown>[] = [];

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  readonly addRequestInterceptor = (interceptor: RequestInterceptor): unknown =>
    this.requestInterceptors.add(interceptor);
  readonly addResponseInterceptor = (interceptor: ResponseInterceptor): unknown =>
    this.responseInterceptors.add(interceptor);
  readonly removeRequestInterceptor = (interceptor: RequestInterceptor): unknown =>
    this.requestInterceptors.delete(interceptor);
  readonly removeResponseInterceptor = (interceptor: ResponseInterceptor): unknown =>
    this.responseInterceptors.delete(interceptor);
  readonly registerLicenseRequestFilter = (filter: LicenceFilter): unknown => this.licenceFilters.add(filter);
  readonly unregisterLicenseRequestFilter = (filter: LicenceFilter): unknown =>
    this.licenceFilters.delete(filter);
  readonly on = (type: string, listener: () => void): unknown => this.listeners.set(type, listener);
  readonly off = (type: string): unknown => this.listeners.delete(type);

  readonly getSource = (): string => {
    if (this.source === null) throw new Error('No source.');
    return this.source;
  };

  /** Sends one request. `isAborted`: dash.js aborts it before its response. */
  async send(url: string, details: RequestDetails, isAborted = false): Promise<MediaResponse> {
    const { responseType = 'arraybuffer' } = details;
    const customData: Record<string, unknown> = { request: details };
    const own = {
      url,
      method: 'GET',
      responseType,
      headers: {},
      credentials: 'omit',
      timeout: this.timeout,
      customData,
    };
    let request = own as never as MediaRequest;
    this.#waiting.push(customData);
    for (const interceptor of this.requestInterceptors) request = await interceptor(request);
    const response = { request, status: 0, url: null, headers: {}, data: null, resourceTiming: {} };
    customData['onloadend'] = isAborted ? undefined : () => undefined;
    if (!isAborted) await this.#load(request, response).catch(() => undefined);
    let result = response as never as MediaResponse;
    for (const interceptor of this.responseInterceptors) result = await interceptor(result);
    return result;
  }

  /** Keeps no request any longer. Returns what shows which ones others keep. */
  forget(): WeakRef<object>[] {
    return this.#waiting.splice(0).map((customData) => new WeakRef(customData));
  }

  /** As its HTTPLoader does with all requests that have no response yet. */
  abort(): void {
    for (const customData of this.#waiting.splice(0)) customData['onloadend'] = undefined;
  }

  async #load(request: MediaRequest, response: object): Promise<void> {
    const { url, method = 'GET', headers = {} } = request;
    const answer = await this.#fetch(url, { method, headers });
    const isText = String(request.responseType) !== 'arraybuffer';
    Object.assign(response, {
      status: answer.status,
      url: answer.url,
      headers: Object.fromEntries(answer.headers),
      data: isText ? await answer.text() : await answer.arrayBuffer(),
    });
  }
}
