/**
 * A text that a handler responds with, not yet a `Response`. On Node it is sent without one: the web stream that a `Response`
 * makes of its body takes longer than all other steps of a response.
 */
export interface TextAnswer {
  /** HTTP status, one whose response has a body. */
  readonly status: number;
  /** Names in the spelling of `Content-Type`, none twice. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`. */
  readonly setCookies: readonly string[];
  readonly text: string;
}

const texts = new WeakMap<Response, string>();

/** A response with status 200. */
export function textAnswer(text: string, headers: Readonly<Record<string, string>>): TextAnswer {
  return { status: 200, headers, setCookies: [], text };
}

/** A response that keeps its text, so that `toNodeListener` can send it without reading the stream. */
export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(text, init);
  texts.set(response, text);
  return response;
}

/** The response as a `Response`. */
export function responseOf({ status, headers, setCookies, text }: TextAnswer): Response {
  const response = textResponse(text, { status, headers });
  for (const cookie of setCookies) response.headers.append('Set-Cookie', cookie);
  return response;
}

/** The text of a response made by {@link textResponse}. */
export function textOf(response: Response): string | undefined {
  return texts.get(response);
}

const streamed = new WeakSet<Response>();

/** A response whose parts leave at once, and whose connection is closed if its body fails; see `sendStreamed`. */
export function streamedResponse(body: ReadableStream<Uint8Array>, init: ResponseInit): Response {
  const response = new Response(body, init);
  streamed.add(response);
  return response;
}

export function isStreamed(response: Response): boolean {
  return streamed.has(response);
}
