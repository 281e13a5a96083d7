// The service worker that pages host as gatecast-worker.js: it asks the page how to send the requests of a media element.
import { answerMediaRequest } from './media-worker/answer-media-request.js';
import { cachedPages, KnownPages } from './media-worker/known-pages.js';
import type { MediaPage } from './media-worker/page-talk.js';
import { isGreeting, MEDIA_WORKER } from './media-worker/worker-messages.js';

/** What is used here of `ServiceWorkerGlobalScope`; its types exclude those of pages. */
interface WorkerScope {
  readonly caches: CacheStorage;
  readonly clients: { get(id: string): Promise<MediaPage | undefined>; claim(): Promise<void> };
  readonly location: Location;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'message', listener: (event: PageMessage) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly clientId: string;
  respondWith(response: Promise<Response>): void;
}

interface PageMessage extends ExtendableEvent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
  readonly source: { readonly id?: string } | null;
}

declare const self: WorkerScope;

const { clients, location } = self;
const pages = new KnownPages(cachedPages(self.caches, location.origin));
const isOpen = async (id: string): Promise<boolean> => (await clients.get(id)) !== undefined;

// A worker of the page's own that imports this file decides itself when it takes over.
if (/(?:gatecast|media)-worker[^/]*$/.test(location.pathname)) {
  self.addEventListener('install', (event) => {
    // Requests in flight are answered by the worker before it, and no state is lost.
    event.waitUntil(self.skipWaiting());
  });
  self.addEventListener('activate', (event) => {
    event.waitUntil(clients.claim());
  });
}

self.addEventListener('message', (event) => {
  const { data, ports, source } = event;
  if (!isGreeting(data)) return;
  const kind = data[MEDIA_WORKER];
  if (kind !== 'ask' && source?.id !== undefined)
    event.waitUntil(pages.note(source.id, kind === 'hello', isOpen));
  ports[0]?.postMessage(true);
});

self.addEventListener('fetch', (event) => {
  const { request, clientId } = event;
  const isMedia = request.destination === 'video' || request.destination === 'audio';
  if (!isMedia || request.method !== 'GET' || clientId === '' || pages.hasPlayer(clientId) === false) return;
  // A request has one response: other listeners of the same worker would fail.
  event.stopImmediatePropagation();
  event.respondWith(
    answerMediaRequest(request, clientId, {
      pages,
      clients,
      fetch: (input, init) => fetch(input, init),
      after: (delayMs) => AbortSignal.timeout(delayMs),
    }),
  );
});
