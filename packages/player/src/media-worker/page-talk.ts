import { MEDIA_WORKER, type MediaQuestion, type PageReply, type RequestResult } from './worker-messages.js';

/** A page, as a service worker knows it. */
export interface MediaPage {
  postMessage(message: MediaQuestion, transfer: Transferable[]): void;
}

/** Talks with a page about one request of its media element. */
export class PageTalk {
  readonly #port: MessagePort;
  readonly #replies: PageReply[] = [];
  #onReply: (() => void) | null = null;

  constructor(page: MediaPage, url: string) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<PageReply>) => {
      this.#replies.push(data);
      this.#onReply?.();
    };
    page.postMessage({ [MEDIA_WORKER]: 'request', url }, [port2]);
  }

  /** The next reply; `null` if the page is gone or does not reply in time. */
  async next(late: AbortSignal): Promise<PageReply | null> {
    if (this.#replies.length === 0 && !late.aborted) {
      await new Promise<void>((resolve) => {
        this.#onReply = resolve;
        late.addEventListener('abort', () => resolve(), { once: true });
      });
      this.#onReply = null;
    }
    return this.#replies.shift() ?? null;
  }

  report(result: RequestResult): void {
    this.#port.postMessage(result);
  }

  close(): void {
    this.#port.close();
  }
}
