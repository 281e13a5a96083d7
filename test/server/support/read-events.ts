/** An event of an event stream, as a page sees it. */
export interface ReadEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Reads an event stream. `next` resolves with the next event, or with `null` at its end. Comments are counted. */
export class EventReader {
  comments = 0;
  retryMs: number | null = null;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';

  constructor(response: Response) {
    if (!response.body) throw new Error('The response has no body.');
    this.#reader = response.body.getReader();
  }

  async next(): Promise<ReadEvent | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const event = this.#read(block);
        if (event) return event;
        continue;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }

  #read(block: string): ReadEvent | null {
    const lines = new Map(
      block.split('\n').map((line) => [line.split(':')[0] ?? '', line.replace(/^\w*: ?/, '')]),
    );
    if (lines.has('')) this.comments += 1;
    const retry = lines.get('retry');
    if (retry !== undefined) this.retryMs = Number(retry);
    const data = lines.get('data');
    return data === undefined ? null : { event: lines.get('event') ?? 'message', data: JSON.parse(data) };
  }
}
