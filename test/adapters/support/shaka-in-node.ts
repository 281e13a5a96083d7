import type shaka from 'shaka-player';

/** The library takes `fetch` when it is loaded. */
let send: typeof globalThis.fetch = () => Promise.reject(new TypeError('No origin.'));

/** What Shaka Player reads of a browser when it is loaded. */
const browser = {
  self: globalThis,
  window: globalThis,
  location: { protocol: 'https:', href: 'https://page.example/', origin: 'https://page.example' },
  document: {
    baseURI: 'https://page.example/',
    createElement: () => ({}),
    addEventListener: () => undefined,
  },
  navigator: { userAgent: 'Chrome/140', platform: '', vendor: '', language: 'en' },
  HTMLElement: Object,
  HTMLMediaElement: Object,
  addEventListener: () => undefined,
  matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
  fetch: (...request: Parameters<typeof globalThis.fetch>) => send(...request),
};

/**
 * Loads the real library into Node.js: its networking engine needs no page. Afterwards the globals are as before, apart from those
 * that it looks for later.
 */
export async function loadShaka(): Promise<typeof shaka> {
  const before = new Map(
    Object.keys(browser).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const),
  );
  for (const [name, value] of Object.entries(browser))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  const { default: library } = await import('shaka-player');
  for (const name of [
    'document',
    'fetch',
    'HTMLElement',
    'HTMLMediaElement',
    'addEventListener',
    'matchMedia',
  ]) {
    const own = before.get(name);
    if (own) Object.defineProperty(globalThis, name, own);
    else Reflect.deleteProperty(globalThis, name);
  }
  return library;
}

/** Sends the requests of the library to an origin. */
export function sendShakaTo(fetch: typeof globalThis.fetch): void {
  send = fetch;
}

/** As for a player: a few tries, without waits between them. */
const RETRIES = {
  maxAttempts: 2,
  baseDelay: 0,
  backoffFactor: 1,
  fuzzFactor: 0,
  timeout: 0,
  stallTimeout: 0,
  connectionTimeout: 0,
} as const;

/** What `withTokens` uses of a player, with a networking engine of the library. */
export class EnginePlayer extends EventTarget {
  readonly engine: shaka.net.NetworkingEngine;
  readonly #library: typeof shaka;
  assetUri: string | null = null;

  constructor(library: typeof shaka) {
    super();
    this.#library = library;
    this.engine = new library.net.NetworkingEngine();
    this.engine.configure({
      forceHTTP: false,
      forceHTTPS: false,
      minBytesForProgressEvents: 16e3,
    } as shaka.extern.NetworkingConfiguration);
  }

  getNetworkingEngine(): shaka.net.NetworkingEngine {
    return this.engine;
  }

  getAssetUri(): string | null {
    return this.assetUri;
  }

  /** Requests something as the parts of the player do. */
  request(
    type: keyof typeof shaka.net.NetworkingEngine.RequestType,
    url: string,
    change: Partial<shaka.extern.Request> = {},
    context: shaka.extern.RequestContext = {},
  ): { readonly request: shaka.extern.Request; readonly sent: shaka.net.NetworkingEngine.PendingRequest } {
    const { NetworkingEngine } = this.#library.net;
    const request = { ...NetworkingEngine.makeRequest([url], RETRIES), ...change };
    return { request, sent: this.engine.request(NetworkingEngine.RequestType[type], request, context) };
  }
}
