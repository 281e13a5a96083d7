import type { LicenceContext, LicenceHls, LicenceHost } from '@gatecast/adapters/internal/hls/licence-host';
import { renewAhead } from '@gatecast/adapters/internal/hls/renew-licence';
import type { GatecastError } from '@gatecast/token';
import { FakeClock } from '../../support/fake-clock.js';

/** A session whose licences have an end, which the browser sets after it has said that the keys have changed. */
class FakeKeySession extends EventTarget {
  expiration = NaN;
  readonly keyStatuses = new Map<unknown, string>();
  readonly closed: Promise<void>;
  isClosed = false;
  #close = (): void => undefined;

  constructor(readonly world: FakeLicences) {
    super();
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    world.sessions.push(this);
  }

  generateRequest(): Promise<void> {
    queueMicrotask(() =>
      this.dispatchEvent(Object.assign(new Event('message'), { message: new ArrayBuffer(1) })),
    );
    return Promise.resolve();
  }

  async update(): Promise<void> {
    this.dispatchEvent(new Event('keystatuseschange'));
    await Promise.resolve();
    this.expiration = this.world.fake.clock.now() + this.world.lifeMs;
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.#close();
    return Promise.resolve();
  }
}

/** What the renewal of licences uses of an hls.js: one level, and its events. */
class FakeHls {
  static readonly Events = {
    MANIFEST_LOADING: 'loading',
    DESTROYING: 'destroying',
    FRAG_BUFFERED: 'buffered',
    ERROR: 'error',
  };
  static readonly ErrorTypes = { KEY_SYSTEM_ERROR: 'keySystemError' };
  static readonly ErrorDetails = { KEY_SYSTEM_LICENSE_REQUEST_FAILED: 'keySystemLicenseRequestFailed' };
  readonly config = { reuseKeySessions: false };
  readonly audioTracks = [];
  readonly errors: unknown[] = [];
  readonly listeners = new Set<unknown>();
  media: { currentTime: number; mediaKeys?: unknown } | null = null;
  /** Addresses of the keys in the playlist. */
  keys: string[] = [];

  get levels() {
    const fragments = this.keys.map((uri) => ({ levelkeys: { clearkey: { uri, keyId: null } } }));
    return [{ details: { live: true, age: 1, totalduration: 60, fragments } }];
  }

  once(event: string, listener: (event: string, data?: unknown) => void): void {
    this.on(event, listener);
  }

  on(event: string, listener: (event: string, data?: unknown) => void): void {
    this.listeners.add({ event, listener });
  }

  off(_event: string, listener: unknown): void {
    for (const each of this.listeners)
      if ((each as { listener: unknown }).listener === listener) this.listeners.delete(each);
  }

  trigger(event: string, data: unknown): void {
    if (event === 'error') this.errors.push(data);
    for (const each of [...this.listeners] as {
      event: string;
      listener: (event: string, data: unknown) => void;
    }[])
      if (each.event === event) each.listener(event, data);
  }
}

/** Keys with licences that end, an hls.js that has requested them, and a licence server. */
export class FakeLicences {
  readonly fake = new FakeClock();
  readonly hls = new FakeHls();
  readonly sessions: FakeKeySession[] = [];
  readonly renewing = new AbortController();
  /** When licences were requested, in seconds since the start. */
  readonly requestsS: number[] = [];
  readonly failed: unknown[] = [];
  readonly troubles: GatecastError[] = [];
  lifeMs = 300_000;
  /** Fails a request, from 1. */
  fail: (request: number) => Error | null = () => null;
  readonly #startMs = this.fake.clock.now();

  get openSessions(): number {
    return this.sessions.filter(({ isClosed }) => !isClosed).length;
  }

  get host(): LicenceHost {
    const host: Partial<LicenceHost> = {
      clock: this.fake.clock,
      renewing: this.renewing.signal,
      random: () => 0.5,
      streamOf: () => 'a',
      onFailed: (error) => {
        this.failed.push(error);
        return true;
      },
      onTrouble: (error) => void this.troubles.push(error),
    };
    return host as LicenceHost;
  }

  /** hls.js gets the first licence of a key. */
  async start(
    uri: string,
    keyId: Uint8Array | null = null,
  ): Promise<{ session: FakeKeySession; keyRequests: Record<string, unknown> }> {
    const session = new FakeKeySession(this);
    const keyRequests: Record<string, unknown> = { [uri]: {} };
    const context: unknown = {
      keySystem: 'org.w3.clearkey',
      mediaKeysSession: session,
      mediaKeys: { createSession: () => new FakeKeySession(this) },
      decryptdata: { uri, keyId, pssh: new Uint8Array(1), scheme: 'cenc' },
      keyRequests,
    };
    const hls: unknown = this.hls;
    this.hls.keys.push(uri);
    renewAhead(this.host, {
      hls: hls as LicenceHls,
      context: context as LicenceContext,
      url: 'https://drm.example/wv',
      request: () => {
        this.requestsS.push((this.fake.clock.now() - this.#startMs) / 1000);
        const error = this.fail(this.requestsS.length);
        return error ? Promise.reject(error) : Promise.resolve(new ArrayBuffer(1));
      },
    });
    await session.update();
    return { session, keyRequests };
  }
}
