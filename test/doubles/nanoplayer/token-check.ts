/** `ok`, or the close code of the vendor's server for a refusal. */
export type TokenVerdict = 'ok' | 4901 | 4903;

/**
 * Checks the token of a connection as the vendor's server does, with the demo's fake services that issued it: 4901 for a
 * token that is invalid or of another stream, 4903 for one that is expired or has a field missing. Documentation only.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_api_errors
 */
export async function checkToken(
  query: URLSearchParams,
  stream: string,
  backendOrigin: string,
): Promise<TokenVerdict> {
  const jwt = query.get('jwtoken');
  if (jwt !== null) return checkJwt(jwt, stream, backendOrigin);
  const { token, expires = '', tag = '', options } = Object.fromEntries(query);
  if (!token || !options) return 4903;
  if (!/^\d+$/.test(options)) return 4901;
  const body = { token, expires, tag, options, streamname: stream };
  const response = await post(`${backendOrigin}/nanostream/secure/token/verify`, body);
  if (response.ok) return 'ok';
  const { error } = (await response.json()) as { error?: string };
  return error === 'expired' ? 4903 : 4901;
}

async function checkJwt(token: string, stream: string, backendOrigin: string): Promise<TokenVerdict> {
  if (token.split('.').length !== 3) return 4901;
  const response = await post(`${backendOrigin}/nanostream/api/v1/splay/verify`, { token });
  if (!response.ok) {
    const { errorCode } = (await response.json()) as { errorCode?: number };
    return errorCode === 1002 ? 4903 : 4901;
  }
  // The answer repeats the token and has no claims. Documentation only.
  const { streams = [], groupid, orgawide } = claimsOf(token);
  const isAllowed = orgawide === true || groupid !== undefined || streams.includes(stream);
  return isAllowed ? 'ok' : 4901;
}

interface PlaybackClaims {
  readonly streams?: readonly string[];
  readonly groupid?: string;
  readonly orgawide?: boolean;
}

/** The claims of a token that was verified. */
function claimsOf(token: string): PlaybackClaims {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as PlaybackClaims;
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
