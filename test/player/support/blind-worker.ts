// A service worker that replies to a page, but does not see the requests of its media elements: browsers may let them pass by.
import { isGreeting } from '@gatecast/player/internal/media-worker/worker-messages';

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

declare const self: {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
};

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', ({ data, ports }) => {
  if (isGreeting(data)) ports[0]?.postMessage(true);
});
