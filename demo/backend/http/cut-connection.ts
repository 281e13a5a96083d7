import type { BackendContext } from './backend-env.js';

/** Closes the connection without a response. The client gets a network error, as from an unreachable host. */
export function cutConnection(context: BackendContext): Response {
  context.set('isCut', true);
  const { incoming } = context.env;
  // When the backend calls itself there is no socket to close, so respond with a status.
  if (!incoming) return new Response(null, { status: 502 });
  incoming.socket.destroy();
  return new Response(null, { status: 444 });
}
