import type { PublisherSession } from './publisher-session.js';

/** Media arrives many times a second; after this time without, viewers notice. In ms. */
const QUIET_MS = 1500;
const LOOK_EVERY_MS = 250;
/** Proxies close connections that are silent. */
const COMMENT_EVERY_MS = 15_000;

/**
 * The events of a publisher's session, as a `text/event-stream`: `active` when media arrives, `inactive` when none does, at
 * once with the state of now. When the session ends, `inactive` has the reason `ended`, and the stream ends.
 */
export function publisherEvents(session: PublisherSession, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = (): void => undefined;
  return new ReadableStream({
    start(controller) {
      let isActive: boolean | undefined;
      const write = (text: string): void => {
        controller.enqueue(encoder.encode(text));
      };
      const look = (): void => {
        const isNow = session.hasReceived && session.silentMs < QUIET_MS;
        if (isNow === isActive) return;
        isActive = isNow;
        write(`event: ${isNow ? 'active' : 'inactive'}\ndata: {}\n\n`);
      };
      const timers = [
        setInterval(look, LOOK_EVERY_MS),
        setInterval(() => {
          write(': \n\n');
        }, COMMENT_EVERY_MS),
      ];
      // A reader must not keep the process alive.
      for (const timer of timers) timer.unref();
      const end = (): void => {
        stop();
        write('event: inactive\ndata: {"reason":"ended"}\n\n');
        controller.close();
      };
      const leave = (): void => {
        stop();
        controller.close();
      };
      stop = () => {
        for (const timer of timers) clearInterval(timer);
        session.ended.removeEventListener('abort', end);
        signal.removeEventListener('abort', leave);
      };
      session.ended.addEventListener('abort', end, { once: true });
      signal.addEventListener('abort', leave, { once: true });
      look();
    },
    cancel() {
      stop();
    },
  });
}
