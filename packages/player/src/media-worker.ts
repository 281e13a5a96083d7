// The service worker that pages host as gatecast-worker.js: it asks the page how to send the requests of a media element.
import { answerMediaRequest, type KnownPage } from './media-worker/answer-media-request.js';
import type { MediaPage } from './media-worker/page-talk.js';
import { isGreeting, MEDIA_WORKER } from './media-worker/worker-messages.js';

/** What is used here of `ServiceWorkerGlobalScope`; its types exclude those of pages. */
interface WorkerScope {
  readonly clients: { get(id: string): Promise<MediaPage | undefined>; claim(): Promise<void> };
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

/** More pages than this are not open at once. */
const MAX_PAGES = 100;
const pages = new Map<string, KnownPage>();

function knownPage(id: string): KnownPage {
  const known = pages.get(id) ?? { hasPlayer: null };
  pages.set(id, known);
  const [oldest] = pages.keys();
  if (pages.size > MAX_PAGES && oldest !== undefined) pages.delete(oldest);
  return known;
}

self.addEventListener('install', (event) => {
  // Requests in flight are answered by the worker before it, and no state is lost.
  event.waitUntil(self.skipWaiting());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', ({ data, ports, source }) => {
  if (!isGreeting(data)) return;
  if (source?.id !== undefined) knownPage(source.id).hasPlayer = data[MEDIA_WORKER] === 'hello';
  ports[0]?.postMessage(true);
});

self.addEventListener('fetch', (event) => {
  const { request, clientId } = event;
  const isMedia = request.destination === 'video' || request.destination === 'audio';
  if (!isMedia || request.method !== 'GET' || clientId === '') return;
  event.respondWith(
    self.clients.get(clientId).then((page) =>
      answerMediaRequest(request, page, knownPage(clientId), {
        fetch: (input, init) => fetch(input, init),
        after: (delayMs) => AbortSignal.timeout(delayMs),
      }),
    ),
  );
});
