/** Set in the environment of a worker: its number, from 1. */
export const WORKER_VARIABLE = 'GATECAST_WORKER';

/** What the two ends of a channel ask each other. `stop`, `reload` and `figures` go to a worker, `metrics` to the primary. */
export type WorkerQuestion = 'stop' | 'reload' | 'figures' | 'metrics' | 'listening';

/** A process at the other end, such as a worker of `node:cluster`, or `process` in a worker. */
export interface MessagePeer {
  send(message: object, done: (error: Error | null) => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

type Answerers = Readonly<Partial<Record<WorkerQuestion, (value: unknown) => Promise<unknown>>>>;

interface Message {
  readonly gatecast: 'question' | 'answer' | 'failure';
  readonly id: number;
  readonly question: WorkerQuestion;
  readonly value?: unknown;
}

/** Questions and answers between the primary process and one worker. */
export class WorkerChannel {
  readonly #peer: MessagePeer;
  readonly #waiting = new Map<number, PromiseWithResolvers>();
  #lastId = 0;
  #isOpen = true;

  constructor(peer: MessagePeer, answerers: Answerers) {
    this.#peer = peer;
    peer.on('message', (message) => {
      if (isMessage(message)) this.#receive(message, answerers);
    });
    peer.once('disconnect', () => {
      this.#isOpen = false;
      for (const { reject } of this.#waiting.values()) reject(new Error('The other process has ended.'));
      this.#waiting.clear();
    });
  }

  /** @throws Error if the other process fails, or ends before it answers. */
  ask(question: WorkerQuestion, value?: unknown): Promise<unknown> {
    if (!this.#isOpen) return Promise.reject(new Error('The other process has ended.'));
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ gatecast: 'question', id, question, value });
    });
  }

  #receive(message: Message, answerers: Answerers): void {
    const { gatecast, id, question, value } = message;
    if (gatecast === 'question') {
      const answerer = answerers[question];
      const answer = async () => answerer?.(value);
      answer().then(
        (result) => this.#send({ gatecast: 'answer', id, question, value: result }),
        () => this.#send({ gatecast: 'failure', id, question }),
      );
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (gatecast === 'answer') waiting?.resolve(value);
    else waiting?.reject(new Error(`The other process failed at "${question}".`));
  }

  #send(message: Message): void {
    // An error means that the process is ending, which `disconnect` reports.
    if (this.#isOpen) this.#peer.send(message, () => undefined);
  }
}

interface PromiseWithResolvers {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'gatecast' in value;
}
