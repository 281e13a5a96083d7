import { delay, systemClock, type Cancel, type Clock } from '@gatecast/token';
import {
  isQuestion,
  MEDIA_WORKER,
  type PageReply,
  type WorkerGreeting,
} from '../../media-worker/worker-messages.js';
import { EntryServer, type ServedEntry } from './entry-server.js';

/** The members of `navigator.serviceWorker` that are used here. */
export interface WorkerContainer {
  readonly controller: Pick<ServiceWorker, 'postMessage'> | null;
  addEventListener(type: 'message', listener: MessageListener): void;
  addEventListener(type: 'controllerchange', listener: () => void): void;
  removeEventListener(type: 'message', listener: MessageListener): void;
  removeEventListener(type: 'controllerchange', listener: () => void): void;
  startMessages(): void;
}

type MessageListener = (event: Pick<MessageEvent<unknown>, 'data' | 'ports'>) => void;

/** What a page has with its service worker: one for all native players of the page. */
export class WorkerLink {
  static readonly #links = new WeakMap<WorkerContainer, WorkerLink>();
  readonly #container: WorkerContainer;
  readonly #clock: Clock;
  readonly #servers = new Set<EntryServer>();
  #stopWaking: Cancel | null = null;
  /** The worker that has not replied: one of another kind. */
  #silent: WorkerContainer['controller'] = null;
  #isPassedBy = false;

  constructor(container: WorkerContainer, clock: Clock = systemClock) {
    this.#container = container;
    this.#clock = clock;
  }

  /** The link of a page’s container. */
  static of(container: WorkerContainer): WorkerLink {
    const link = this.#links.get(container) ?? new WorkerLink(container);
    this.#links.set(container, link);
    return link;
  }

  /** Is there a worker, and do the requests of media elements pass through it, as far as is known? */
  get isUsable(): boolean {
    return this.#container.controller !== null && !this.#isPassedBy;
  }

  /** Has the worker been asked before, without a reply? */
  get isSilent(): boolean {
    return this.#silent !== null && this.#silent === this.#container.controller;
  }

  /** The media requests of this page do not pass through the worker: it is not used until the page is loaded again. */
  giveUp(): void {
    this.#isPassedBy = true;
  }

  /** Is the worker one of ours? A reply that comes later counts the next time. */
  async isOurs(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const worker = this.#container.controller;
    if (!worker) return false;
    const { port1, port2 } = new MessageChannel();
    const ended = new AbortController();
    const close = (): void => {
      ended.abort();
      port1.close();
    };
    signal.addEventListener('abort', close, { once: true });
    const reply = new Promise<boolean>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (this.#silent === worker) this.#silent = null;
        resolve(data === true);
        port1.close();
      };
    });
    worker.postMessage({ [MEDIA_WORKER]: 'ask' } satisfies WorkerGreeting, [port2]);
    const late = delay(this.#clock, limitMs, ended.signal).then(
      () => (this.#silent = worker),
      () => null,
    );
    const isOurs = (await Promise.race([reply, late])) === true;
    ended.abort();
    signal.removeEventListener('abort', close);
    return isOurs;
  }

  /** Replies to the questions of the worker about an entry, until the entry’s signal aborts. */
  serve(entry: ServedEntry): EntryServer {
    const server = new EntryServer(entry, this.#clock);
    if (this.#servers.size === 0) this.#begin();
    this.#servers.add(server);
    this.sayHello();
    entry.signal.addEventListener(
      'abort',
      () => {
        this.#servers.delete(server);
        if (this.#servers.size === 0) this.#end();
      },
      { once: true },
    );
    return server;
  }

  /** Tells the worker that this page has a player. It may have forgotten it. */
  readonly sayHello = (): void => this.#greet('hello');

  #begin(): void {
    this.#container.addEventListener('message', this.#onMessage);
    this.#container.addEventListener('controllerchange', this.sayHello);
    this.#stopWaking = this.#clock.onWake(this.sayHello);
    this.#container.startMessages();
  }

  #end(): void {
    this.#container.removeEventListener('message', this.#onMessage);
    this.#container.removeEventListener('controllerchange', this.sayHello);
    this.#stopWaking?.();
    this.#greet('bye');
  }

  #greet(kind: 'hello' | 'bye'): void {
    this.#container.controller?.postMessage({ [MEDIA_WORKER]: kind } satisfies WorkerGreeting);
  }

  readonly #onMessage: MessageListener = ({ data, ports }) => {
    const port = ports[0];
    if (!port || !isQuestion(data)) return;
    const { url } = data;
    const able = [...this.#servers].flatMap((server) => {
      const kind = server.kindOf(url);
      return kind ? [{ server, kind }] : [];
    });
    // Two players may have one address: one of them may have lost its access.
    const chosen = able.find(({ server }) => !server.hasAccessEnded) ?? able[0];
    // What no playlist names is not of a player: another video of the same origin must not get a token.
    if (chosen) void chosen.server.answer(url, chosen.kind, port);
    else port.postMessage({ kind: 'pass' } satisfies PageReply);
  };
}
