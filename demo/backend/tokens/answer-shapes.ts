import type { TokenFaults } from '../qa/fault-schema.js';

interface TokenItem {
  stream: string;
  token?: string;
  expiresAt?: number;
}

interface TokenAnswer {
  tokens: TokenItem[];
  serverTime?: number;
  playlists?: Record<string, string>;
}

/** Do the faults change what a successful token response has? */
export function isReshaped(faults: TokenFaults): boolean {
  const { omitExp, opaque, omitExpiresAt, milliseconds, omitServerTime, shape } = faults;
  return [omitExp, opaque, omitExpiresAt, milliseconds, omitServerTime, shape].some(Boolean);
}

/** Changes the shape of a successful token response and omits fields, as the faults specify. */
export async function reshapeAnswer(
  response: Response,
  faults: TokenFaults,
  sentAs: (token: string) => string,
): Promise<Response> {
  // A response with media goes out as it comes: without these faults, nothing in it changes.
  if (!response.ok || response.headers.get('Content-Type') !== 'application/json') return response;
  const answer = (await response.json()) as TokenAnswer;
  for (const item of answer.tokens) {
    if (item.token !== undefined) item.token = sentAs(item.token);
    if (faults.omitExp || faults.opaque || faults.omitExpiresAt) delete item.expiresAt;
    else if (faults.milliseconds && item.expiresAt !== undefined) item.expiresAt *= 1000;
  }
  if (faults.omitServerTime) delete answer.serverTime;
  const { body, contentType } = writeShape(answer, faults.shape ?? 'contract');
  const headers = new Headers(response.headers);
  headers.set('Content-Type', contentType);
  headers.delete('Content-Length');
  return new Response(body, { status: response.status, headers });
}

function writeShape(
  answer: TokenAnswer,
  shape: NonNullable<TokenFaults['shape']>,
): { body: string; contentType: string } {
  // Only the shape `contract` can hold several tokens, and the fields of a CDN: the others use the first token.
  const { token } = answer.tokens[0] ?? {};
  const json = (value: unknown) => ({ body: JSON.stringify(value), contentType: 'application/json' });
  const isWrong = shape === 'wrong' || shape === 'html';
  switch (token === undefined && !isWrong ? 'contract' : shape) {
    case 'contract':
      return json(answer);
    case 'text':
      return { body: token ?? '', contentType: 'text/plain; charset=utf-8' };
    case 'token':
      return json({ token });
    case 'data':
      return json({ success: true, data: { token } });
    case 'h5live':
      return json({ h5live: { security: { jwtoken: token } } });
    case 'jwtoken':
      return json({ jwtoken: token });
    case 'wrong':
      return json({ status: 'ok', answer: 42 });
    case 'html':
      return {
        body: '<!doctype html><title>Sign in</title><h1>Please sign in</h1>',
        contentType: 'text/html; charset=utf-8',
      };
  }
}
