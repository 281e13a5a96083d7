import type { BackendContext } from './backend-env.js';

/** Ends a request as a dead host would: the client sees a network error and no status. */
export function cutConnection(context: BackendContext): Response {
  context.set('isCut', true);
  const { incoming } = context.env;
  // Where the backend calls itself there is no connection, and a status is all there can be.
  if (!incoming) return new Response(null, { status: 502 });
  incoming.socket.destroy();
  return new Response(null, { status: 444 });
}
