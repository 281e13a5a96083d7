import { randomUUID } from 'node:crypto';

/** A server-sent event. Its data is JSON in one line. */
export interface SessionEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SessionEventsOptions {
  /** Names of all events that a client can choose from. */
  readonly names: readonly string[];
  /** The present state, as events: what a new event stream begins with. */
  readonly initial: () => readonly SessionEvent[];
}

interface EventStream {
  readonly wanted: ReadonlySet<string>;
  /** Events for a client that does not read at the moment. */
  readonly waiting: string[];
  reader: ReadableStreamDefaultController<Uint8Array> | undefined;
  hasBeenRead: boolean;
}

/** Each browser tab needs one. */
const MAX_STREAMS = 4;
const MAX_WAITING = 32;
/** A proxy closes a connection without data after a minute, and a write to a lost one shows that it is lost. */
const HEARTBEAT_MS = 15_000;
const encoder = new TextEncoder();

/**
 * Server-sent events of one session, of a viewer or a publisher: the event streams that clients create, and what waits for
 * them.
 * @see https://github.com/wish-wg/webrtc-http-egress-protocol/blob/main/webrtc-http-egress-events.md
 */
export class SessionEvents {
  readonly #options: SessionEventsOptions;
  readonly #streams = new Map<string, EventStream>();
  #heartbeat: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: SessionEventsOptions) {
    this.#options = options;
  }

  get names(): readonly string[] {
    return this.#options.names;
  }

  /**
   * Creates an event stream for the events of these names. Unknown names are ignored.
   * If there are too many, the oldest one that nobody reads makes room: a client that reconnects may have forgotten it.
   * @returns its id. It cannot be guessed. `undefined` if all are read, or the session has ended.
   */
  create(wanted: readonly string[] = this.names): string | undefined {
    if (this.#isClosed || !this.#makeRoom()) return undefined;
    const id = randomUUID();
    const stream: EventStream = {
      wanted: new Set(wanted),
      waiting: [],
      reader: undefined,
      hasBeenRead: false,
    };
    this.#streams.set(id, stream);
    for (const event of this.#options.initial()) send(stream, event);
    return id;
  }

  /** Reads an event stream, in place of a reader before. `undefined` if it does not exist. */
  read(id: string): ReadableStream<Uint8Array> | undefined {
    const stream = this.#streams.get(id);
    if (!stream) return undefined;
    closeReader(stream);
    // What was sent to a lost connection may not have arrived.
    if (stream.hasBeenRead) for (const event of this.#options.initial()) send(stream, event);
    stream.hasBeenRead = true;
    this.#startHeartbeat();
    let own: EventStream['reader'];
    return new ReadableStream<Uint8Array>({
      start(reader) {
        own = reader;
        stream.reader = reader;
        // The headers are sent with the first byte.
        for (const text of [':\n\n', ...stream.waiting.splice(0)]) reader.enqueue(encoder.encode(text));
      },
      cancel() {
        // The end of a lost connection is seen late: the client may read on another one by then.
        if (stream.reader === own) stream.reader = undefined;
      },
    });
  }

  /** Ends an event stream. Returns whether it existed. */
  remove(id: string): boolean {
    const stream = this.#streams.get(id);
    if (stream) closeReader(stream);
    return this.#streams.delete(id);
  }

  /** Sends an event to all event streams that want it. */
  emit(event: string, data: SessionEvent['data'] = {}): void {
    for (const stream of this.#streams.values()) send(stream, { event, data });
  }

  /** Ends all event streams. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    for (const stream of this.#streams.values()) closeReader(stream);
    this.#streams.clear();
  }

  #makeRoom(): boolean {
    if (this.#streams.size < MAX_STREAMS) return true;
    // A Map keeps the order of creation.
    const unread = [...this.#streams].find(([, { reader }]) => reader === undefined);
    return unread !== undefined && this.#streams.delete(unread[0]);
  }

  #startHeartbeat(): void {
    this.#heartbeat ??= setInterval(() => {
      for (const stream of this.#streams.values()) if (stream.reader) write(stream, ':\n\n');
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }
}

function send(stream: EventStream, { event, data }: SessionEvent): void {
  if (stream.wanted.has(event)) write(stream, `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function write(stream: EventStream, text: string): void {
  const { reader, waiting } = stream;
  if (!reader) {
    waiting.push(text);
    if (waiting.length > MAX_WAITING) waiting.shift();
    return;
  }
  // A client that does not read: it gets what it missed, as far as it is kept, when it reads again.
  if ((reader.desiredSize ?? 0) < -MAX_WAITING) closeReader(stream);
  else reader.enqueue(encoder.encode(text));
}

function closeReader(stream: EventStream): void {
  stream.reader?.close();
  stream.reader = undefined;
}
