import { streamedResponse } from '../http/text-response.js';
import { abortAfter, deadline } from '../http/timeouts.js';
import type { MediaResult } from '../http/metrics.js';
import type { OpenMedia } from '../playlist/first-media/first-media.js';
import type { MediaBody, MediaHead } from '../playlist/first-media/media-body.js';
import type { FirstMediaLimits } from '../playlist/first-media/media-options.js';

const encoder = new TextEncoder();

/** Called when the response has ended. `bytes` are those of its media. */
type OnAnswered = (result: MediaResult, bytes: number) => void;

/** A response in parts, whose boundary occurs in no media by chance. */
export function mediaResponse(
  json: string,
  media: readonly OpenMedia[],
  limits: FirstMediaLimits,
  headers: Readonly<Record<string, string>>,
  onAnswered: OnAnswered,
): Response {
  const boundary = crypto.randomUUID();
  return streamedResponse(mediaAnswer(json, media, boundary, limits, onAnswered), {
    headers: {
      ...headers,
      'Content-Type': `multipart/mixed; boundary=${boundary}`,
      // A proxy that compresses or buffers the response would hold the JSON part back until media have come.
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}

/**
 * The body of a response in parts (RFC 2046 section 5.1): JSON at once, and then media as they arrive. If media do not arrive in
 * time, the response ends without them. Reading no more cancels what nobody else reads.
 */
function mediaAnswer(
  json: string,
  media: readonly OpenMedia[],
  boundary: string,
  limits: FirstMediaLimits,
  onAnswered: OnAnswered,
): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const { signal, isLate, stop } = abortAfter(limits.sendMs, left.signal);
  const writer = new PartsWriter(json, media, boundary, limits, signal);
  const parts = writer.write();
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // Not in the generator: if nobody reads the response, it never runs.
        signal.addEventListener(
          'abort',
          () => {
            stop();
            onAnswered(writer.result, writer.sentBytes);
            void parts.return();
            for (const { body } of media) void body.then((each) => each.leave());
            if (isLate()) controller.error(new Error('The client reads too slowly.'));
          },
          { once: true },
        );
      },
      async pull(controller) {
        const { done, value } = await parts.next();
        if (signal.aborted) return;
        if (!done) {
          controller.enqueue(value);
          return;
        }
        left.abort();
        controller.close();
      },
      cancel: () => left.abort(),
    },
    // Media are read when the client has taken what it has.
    { highWaterMark: 0 },
  );
}

class PartsWriter {
  /** What has become of the media so far. */
  result: MediaResult = 'client-left';
  /** Bytes of media that were written. */
  sentBytes = 0;
  readonly #json: Uint8Array;
  readonly #media: readonly OpenMedia[];
  readonly #boundary: string;
  readonly #limits: FirstMediaLimits;
  /** Resolves when the response ends. */
  readonly #ended: Promise<null>;
  readonly #startedAtMs = performance.now();

  constructor(
    json: string,
    media: readonly OpenMedia[],
    boundary: string,
    limits: FirstMediaLimits,
    signal: AbortSignal,
  ) {
    this.#json = encoder.encode(json);
    this.#media = media;
    this.#boundary = boundary;
    this.#limits = limits;
    this.#ended = new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true });
    });
  }

  async *write(): AsyncGenerator<Uint8Array, void, undefined> {
    const fields = { 'Content-Type': 'application/json', 'Content-Length': this.#json.length };
    yield joined(this.#delimiter('', fields), this.#json);
    let left = this.#limits.maxBytes;
    for (const { announced, body } of this.#media) {
      const media = await this.#inTime(body, this.#limits.firstByteMs);
      const head = media && (await this.#headOf(media));
      if (!head || head.length > left) {
        this.result = head ? 'too-large' : (media?.fault ?? 'origin-busy');
        break;
      }
      left -= head.length;
      yield this.#delimiter('\r\n', {
        'Content-Type': head.contentType,
        'Content-Location': announced.url,
        ...(announced.range !== undefined && { 'Content-Range': `bytes ${announced.range}/*` }),
        'Content-Length': head.length,
      });
      for (let sent = 0; sent < head.length;) {
        const bytes = media.read(sent);
        sent += bytes.length;
        this.sentBytes += bytes.length;
        if (bytes.length > 0) yield bytes;
        // A part that is cut has no delimiter after it.
        else if (media.state !== 'open' || !(await this.#hasChanged(media, this.#limits.timeoutMs))) {
          this.result = media.fault ?? 'origin-busy';
          return;
        }
      }
    }
    if (this.result === 'client-left')
      this.result = this.#media.every(({ isShared }) => isShared()) ? 'shared' : 'sent';
    yield encoder.encode(`\r\n--${this.#boundary}--\r\n`);
  }

  async #headOf(media: MediaBody): Promise<MediaHead | null> {
    while (!media.head && media.state === 'open') {
      if (!(await this.#hasChanged(media, this.#limits.firstByteMs))) return null;
    }
    return media.state === 'failed' ? null : media.head;
  }

  async #hasChanged(media: MediaBody, limitMs: number): Promise<boolean> {
    return (
      (await this.#inTime(
        media.changed().then(() => true),
        limitMs,
      )) === true
    );
  }

  /** `null` if the response has ended before, or after the limit. */
  async #inTime<T>(value: Promise<T>, limitMs: number): Promise<T | null> {
    const leftMs = this.#startedAtMs + limitMs - performance.now();
    const { late, stop } = deadline(leftMs, () => new Error('The media did not arrive in time.'));
    try {
      return await Promise.race([value, this.#ended, late.catch(() => null)]);
    } finally {
      stop();
    }
  }

  #delimiter(before: string, fields: Readonly<Record<string, string | number>>): Uint8Array {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    return encoder.encode(`${before}--${this.#boundary}\r\n${lines.join('')}\r\n`);
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
