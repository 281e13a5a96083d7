/** An event of a `text/event-stream`. */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** Longest line, and longest data of an event, in characters. Our events are one short line of JSON. */
const LIMIT = 65_536;

/**
 * Reads a `text/event-stream` as it comes in. A line or an event that is too long is an error, so that no server fills the memory.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventParser {
  readonly #onEvent: (event: ServerEvent) => void;
  /** Called with the time in a field `retry`, in milliseconds. */
  readonly #onRetry: (retryMs: number) => void;
  readonly #decoder = new TextDecoder();
  #line = '';
  #isAfterReturn = false;
  #type = '';
  #data: string[] = [];
  #length = 0;

  constructor(onEvent: (event: ServerEvent) => void, onRetry: (retryMs: number) => void) {
    this.#onEvent = onEvent;
    this.#onRetry = onRetry;
  }

  /** @throws RangeError for a line or an event that is too long. */
  push(bytes: Uint8Array): void {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return;
    if (this.#isAfterReturn && text.startsWith('\n')) text = text.slice(1);
    this.#isAfterReturn = text.endsWith('\r');
    const [first = '', ...others] = text.split(/\r\n|\n|\r/);
    const lines = [this.#line + first, ...others];
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
    this.#limit(this.#line.length);
  }

  #read(line: string): void {
    this.#limit(line.length);
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    // A comment, which keeps the connection open.
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.#type = value;
    else if (name === 'data') this.#add(value);
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) this.#onRetry(Number(value));
  }

  #add(value: string): void {
    this.#length += value.length + 1;
    this.#limit(this.#length);
    this.#data.push(value);
  }

  #dispatch(): void {
    const event = { type: this.#type || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#type = '';
    this.#data = [];
    this.#length = 0;
    if (!isEmpty) this.#onEvent(event);
  }

  #limit(length: number): void {
    if (length > LIMIT) throw new RangeError('An event of the server is too long.');
  }
}
