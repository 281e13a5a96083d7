import type { SentRequest } from '../../token/support/fake-endpoint.js';

/** What a backend of the page does with a request. It is as strict as those that the recipes are for. */
export type EndpointBackend = (request: SentRequest) => Response | Promise<Response>;

const streamOf = ({ url, body }: SentRequest): string => {
  const fromQuery = new URL(url).searchParams.get('stream');
  return fromQuery ?? (JSON.parse(body ?? '') as { streams: string[] }).streams.join();
};
const allow = (isAllowed: boolean, status: number, response: () => Response): Response =>
  isAllowed ? response() : new Response('', { status });
const hasPath = ({ url }: SentRequest, path: string): boolean => new URL(url).pathname === path;

/**
 * The backends, by the heading of their recipe.
 *
 * @param mint - returns the token for a stream.
 */
export function endpointBackends(
  mint: (stream: string) => string,
): Readonly<Record<string, EndpointBackend>> {
  const plain = (request: SentRequest): Response => Response.json({ token: mint(streamOf(request)) });
  let isRenewed = false;
  return {
    'POST that responds with token': (request) =>
      allow(request.method === 'POST' && hasPath(request, '/my/token'), 405, () => plain(request)),
    'expires_in instead of a time': (request) =>
      Response.json({ access_token: mint(streamOf(request)), token_type: 'Bearer', expires_in: 300 }),
    'GET only': (request) =>
      allow(request.method === 'GET' && hasPath(request, '/my/token'), 405, () => plain(request)),
    'The token is deep in the JSON': (request) =>
      Response.json({ data: { playback: { jwt: mint(streamOf(request)) } } }),
    GraphQL: (request) => {
      const { query, variables } = JSON.parse(request.body ?? '') as {
        query: string;
        variables: { stream: string };
      };
      const isQuery = hasPath(request, '/graphql') && query.startsWith('query ($stream: ID!)');
      return allow(isQuery && request.contentType === 'application/json', 400, () =>
        Response.json({ data: { playback: { jwt: mint(variables.stream) } } }),
      );
    },
    'An Authorization header': (request) =>
      allow(request.headers.get('Authorization') === 'Bearer session-1', 401, () => plain(request)),
    'A CSRF header': (request) =>
      allow(request.headers.get('X-CSRF-Token') === 'csrf-1', 403, () => plain(request)),
    '401 when your session has ended': (request) => {
      if (!hasPath(request, '/session/renew')) return allow(isRenewed, 401, () => plain(request));
      isRenewed = true;
      return new Response(null, { status: 204 });
    },
    'One address for each stream': ({ url, method }) => {
      const [, stream = ''] = /^\/streams\/([^/]+)\/token$/.exec(new URL(url).pathname) ?? [];
      return allow(method === 'GET' && stream !== '', 404, () => new Response(mint(stream)));
    },
  };
}
