/** A part of a `multipart` body. */
export interface BodyPart {
  /** Header fields of the part, as they stand in it. */
  readonly head: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Longest header of a part, in bytes. */
const HEAD_LIMIT = 4096;
/** Longest part, in bytes. */
const PART_LIMIT = 16 * 1024 * 1024;

/**
 * Reads the parts of a `multipart` body, each with a `Content-Length`, so that no boundary is searched for in media. Ends at
 * the first part that is cut, too long or without a length. A reader that stops cancels the body.
 *
 * @param signal - cancels the body and ends the parts.
 * @throws what the stream throws.
 * @see RFC 2046 section 5.1
 */
export async function* readParts({ body }: Response, signal: AbortSignal): AsyncGenerator<BodyPart, void> {
  const reader = body?.getReader();
  const cancel = (): void => {
    reader?.cancel().catch(() => undefined);
  };
  signal.addEventListener('abort', cancel);
  let rest: Uint8Array = new Uint8Array();
  const more = async (): Promise<boolean> => {
    const value = (await reader?.read())?.value;
    if (!value) return false;
    const joined = new Uint8Array(rest.length + value.length);
    joined.set(rest);
    joined.set(value, rest.length);
    rest = joined;
    return true;
  };
  try {
    for (;;) {
      let head: string;
      let length: number;
      do {
        head = new TextDecoder('latin1').decode(rest.subarray(0, HEAD_LIMIT));
        length = head.indexOf('\r\n\r\n');
      } while (length < 0 && rest.length < HEAD_LIMIT && (await more()));
      if (length < 0) return;
      head = head.slice(0, length);
      rest = rest.subarray(length + 4);
      length = Number(fieldOf(head, 'Content-Length') ?? NaN);
      if (!(length <= PART_LIMIT)) return;
      const data = new Uint8Array(length);
      for (let at = 0; ;) {
        const piece = rest.subarray(0, length - at);
        data.set(piece, at);
        at += piece.length;
        rest = rest.subarray(piece.length);
        if (at === length) break;
        if (!(await more())) return;
      }
      yield { head, data };
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/** A header field of a part; `undefined` if there is none. Names are read in any case. */
export function fieldOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: *([^\\r\\n]*)`, 'im').exec(head)?.[1];
}
