const texts = new WeakMap<Response, string>();

/** A response that keeps its text, so that `toNodeListener` can send it without reading the stream. */
export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(text, init);
  texts.set(response, text);
  return response;
}

/** The text of a response made by {@link textResponse}. */
export function textOf(response: Response): string | undefined {
  return texts.get(response);
}
