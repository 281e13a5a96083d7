/** A service that answers with the bytes of a document, and records what it was asked. */
export function documentService(answer: string, status = 200) {
  const requests: Request[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    requests.push(new Request(input, init));
    return new Response(answer, { status, headers: { 'Content-Type': 'application/json' } });
  };
  return { requests, fetch };
}

/** The text of JSON without white space, so that names, values and order count, and nothing else. */
export function compact(json: string): string {
  return JSON.stringify(JSON.parse(json));
}
