import { Authorizer, parsePlacement, type GatecastError, type Token } from '@gatecast/token';
import { WorkerLink, type WorkerContainer } from '@gatecast/player/internal/engine/native/worker-link';
import { answerMediaRequest } from '@gatecast/player/internal/media-worker/answer-media-request';
import { KnownPages, type PageStore } from '@gatecast/player/internal/media-worker/known-pages';
import type { MediaPage } from '@gatecast/player/internal/media-worker/page-talk';
import { isGreeting, MEDIA_WORKER } from '@gatecast/player/internal/media-worker/worker-messages';
import { FakeClock } from '../../support/fake-clock.js';

export const CDN = 'https://cdn.test/live';

type Listener = (event: { data: unknown; ports: readonly MessagePort[] }) => void;

/** Ids that outlive the worker. */
export function memoryStore(ids = new Set<string>()): PageStore {
  return {
    has: (id) => Promise.resolve(ids.has(id)),
    add: (id) => Promise.resolve(void ids.add(id)),
    remove: (id) => Promise.resolve(void ids.delete(id)),
    ids: () => Promise.resolve([...ids]),
  };
}

export type FakeOrigin = (url: URL, init: RequestInit) => Response | Promise<Response>;

/** A page under our service worker, and the origin that the worker requests. */
export function setUpWorker(origin: FakeOrigin = () => new Response('#EXTM3U\n')) {
  const listeners = new Map<string, Set<Listener>>();
  const listenersOf = (type: string): Set<Listener> => {
    const all = listeners.get(type) ?? new Set();
    listeners.set(type, all);
    return all;
  };
  const store = memoryStore();
  const worker = { pages: new KnownPages(store), isSilent: false };
  const greetings: string[] = [];
  const container: WorkerContainer = {
    controller: {
      postMessage: (data: unknown, ports: unknown) => {
        if (!isGreeting(data)) return;
        const kind = data[MEDIA_WORKER];
        greetings.push(kind);
        const [port] = (ports ?? []) as MessagePort[];
        if (worker.isSilent) return port?.close();
        if (kind !== 'ask') void worker.pages.note('page', kind === 'hello', () => Promise.resolve(true));
        port?.postMessage(true);
      },
    },
    addEventListener: (type: string, listener: Listener) => void listenersOf(type).add(listener),
    removeEventListener: (type: string, listener: Listener) => void listenersOf(type).delete(listener),
    startMessages: () => undefined,
  };
  const asked: string[] = [];
  const page: MediaPage = {
    postMessage(data, ports) {
      asked.push(data.url);
      for (const listener of listenersOf('message')) listener({ data, ports: ports as MessagePort[] });
    },
  };
  const time = new FakeClock();
  const link = new WorkerLink(container, time.clock);
  const sent: { url: string; headers: Headers; mode: RequestMode | undefined }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    sent.push({ url: url.href, headers: new Headers(init.headers), mode: init.mode });
    return origin(url, init);
  };
  const never = new AbortController().signal;
  return {
    time,
    link,
    container,
    worker,
    store,
    greetings,
    asked,
    page,
    sent,
    /** Addresses that were requested, below the folder of the stream. */
    paths: () => sent.map(({ url }) => url.replace(`${CDN}/`, '')),
    listenerCount: () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0),
    fire: (type: string) => listenersOf(type).forEach((listener) => listener({ data: null, ports: [] })),
    /** The browser ends the worker and starts it again. */
    restart: () => (worker.pages = new KnownPages(store)),
    serve: (stream: string, signal = never, placement = 'query:token') => {
      const fake = fakeAuthorizer(stream, placement);
      const entry = { url: `${CDN}/${stream}.m3u8`, stream, authorizer: fake.authorizer, signal };
      return { ...fake, entry, server: link.serve(entry) };
    },
    request: (
      url: string,
      init: RequestInit = { headers: { Range: 'bytes=0-' } },
      after: (delayMs: number) => AbortSignal = () => new AbortController().signal,
    ) =>
      answerMediaRequest(new Request(new URL(url, `${CDN}/`), init), 'page', {
        pages: worker.pages,
        clients: { get: () => Promise.resolve(page) },
        fetch,
        after,
      }),
  };
}

/** Tokens `<stream>-1`, `-2` and so on: another one for each refusal. */
export function fakeAuthorizer(stream: string, placement = 'query:token', prove?: () => object) {
  let version = 1;
  const refused: number[] = [];
  const renewed: number[] = [];
  const ended: string[] = [];
  const token = (): Token =>
    ({ stream, value: `${stream}-${version}`, version, expiresAtMs: null, receivedAtMs: 0 }) as Token;
  const authorizer = new Authorizer({
    placement: parsePlacement(placement),
    origins: [`${CDN}/${stream}.m3u8`],
    tokens: {
      get: () => Promise.resolve(token()),
      peek: () => null,
      accepted: () => undefined,
      renew: (_, given) => {
        renewed.push(given);
        version += 1;
        return Promise.resolve();
      },
      rejected: (_, given) => {
        refused.push(given);
        version += 1;
        return Promise.resolve(token());
      },
      end: (_, error: GatecastError) => void ended.push(error.code),
      ...(prove && { prove: prove as never }),
    },
  });
  return { authorizer, refused, renewed, ended };
}
