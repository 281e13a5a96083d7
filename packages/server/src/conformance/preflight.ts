import type { Answer, Exchange } from './finding.js';

/** The request that browsers send before a POST with JSON from another origin. */
export function preflight(exchange: Exchange, origin: string): Promise<Answer> {
  return exchange.send({
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
}
