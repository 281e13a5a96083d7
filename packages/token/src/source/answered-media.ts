import { isRecord } from './response-faults.js';
import { fieldOf, type BodyPart } from './read-parts.js';

/** An init or media segment that comes after the tokens, in the same response. */
export interface AnsweredMedia {
  /** Address without a token, as the playlists of the response name it. */
  readonly url: string;
  /** First byte of a range; 0 for a whole resource. */
  readonly rangeStart: number;
  /** Rejects if the part does not come, or not whole. */
  readonly data: Promise<ArrayBuffer>;
  /** When its request was sent, in milliseconds since the epoch. */
  readonly sentAtMs: number;
}

/** A JSON response, and the media that follow it. */
export class MixedAnswer {
  readonly body: unknown;
  readonly media: readonly AnsweredMedia[];

  constructor(body: unknown, media: readonly AnsweredMedia[]) {
    this.body = body;
    this.media = media;
  }
}

/** An init segment and a media segment. */
const MOST = 2;

/**
 * Joins the media that a response announces with the parts that follow it.
 *
 * @param onEnd - called when no part is waited for any more.
 */
export function withMedia(
  body: unknown,
  parts: AsyncGenerator<BodyPart, void>,
  sentAtMs: number,
  onEnd: () => void,
): MixedAnswer {
  const announced = isRecord(body) && Array.isArray(body['media']) ? body['media'] : [];
  let last: Promise<unknown> = Promise.resolve();
  const media = announced.slice(0, MOST).flatMap((each: unknown): AnsweredMedia[] => {
    if (!isRecord(each) || typeof each['url'] !== 'string') return [];
    const { url, range } = each;
    const rangeStart = parseInt(typeof range === 'string' ? range : '0', 10) || 0;
    const data = last.then(async () => {
      const { head = '', data } = (await parts.next()).value ?? {};
      const start = /^bytes (\d+)-/.exec(fieldOf(head, 'Content-Range') ?? '')?.[1] ?? 0;
      if (!data || fieldOf(head, 'Content-Location') !== url || Number(start) !== rangeStart)
        throw new DOMException('The response ended early.', 'AbortError');
      return data.buffer;
    });
    // An element that does not need it does not wait for it. After one that is missing, the others are too.
    data.catch(() => undefined);
    last = data;
    return [{ url, rangeStart, data, sentAtMs }];
  });
  void last
    .catch(() => undefined)
    .then(() => {
      onEnd();
      return parts.return();
    });
  return new MixedAnswer(body, media);
}
