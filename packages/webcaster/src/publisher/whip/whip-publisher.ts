import type { Publisher, PublisherContext } from '../publisher.js';
import { openWhipSession } from './whip-session.js';

/** Publishes by WHIP (RFC 9725). Keeps nothing between sessions. */
export function createWhipPublisher(context: PublisherContext): Publisher {
  return {
    open: (request) => openWhipSession(context, request),
    dispose: () => undefined,
  };
}
