/** `ok`, or the close code of the vendor's server for a refusal. */
export type TokenVerdict = 'ok' | 4900 | 4901 | 4903 | 4904;

/**
 * Checks the token of a connection as the vendor's server does, with the demo's fake services that issued it. The
 * vendor does not document its close codes. Here they mean: missing, unreadable, refused, expired.
 */
export async function checkToken(
  query: URLSearchParams,
  stream: string,
  backendOrigin: string,
): Promise<TokenVerdict> {
  const jwt = query.get('jwtoken');
  if (jwt !== null) return checkJwt(jwt, stream, backendOrigin);
  const { token, expires = '', tag = '', options } = Object.fromEntries(query);
  if (!token) return 4900;
  if (!options || !/^\d+$/.test(options)) return 4901;
  const body = { token, expires, tag, options, streamname: stream };
  const response = await post(`${backendOrigin}/nanostream/secure/token/verify`, body);
  if (response.ok) return 'ok';
  const { error } = (await response.json()) as { error?: string };
  return error === 'expired' ? 4904 : 4903;
}

async function checkJwt(token: string, stream: string, backendOrigin: string): Promise<TokenVerdict> {
  if (token.split('.').length !== 3) return 4901;
  const response = await post(`${backendOrigin}/nanostream/api/v1/splay/verify`, { token });
  const answer = (await response.json()) as {
    errorCode?: number;
    data?: { streams?: readonly string[]; groupid?: string; orgawide?: boolean };
  };
  if (answer.errorCode === 1002) return 4904;
  const { streams = [], groupid, orgawide } = answer.data ?? {};
  const isAllowed = orgawide === true || groupid !== undefined || streams.includes(stream);
  return response.ok && isAllowed ? 'ok' : 4903;
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
