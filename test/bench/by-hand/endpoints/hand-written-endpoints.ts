/** The module with the request for each kind of endpoint, by the heading of Gatecast's recipe. */
export const handWrittenEndpoints: Readonly<Record<string, string>> = {
  'POST that responds with token': 'token',
  'expires_in instead of a time': 'expires-in',
  'GET only': 'get-only',
  'The token is deep in the JSON': 'nested',
  GraphQL: 'graphql',
  'An Authorization header': 'authorization',
  'A CSRF header': 'csrf',
  '401 when your session has ended': 'session',
  'One address for each stream': 'per-stream',
};
