import { createServer, type RequestListener, type Server } from 'node:http';

export interface ServerLimits {
  /** Milliseconds until the header of a request is complete. @defaultValue 10,000 */
  readonly headersMs?: number;
  /** Milliseconds until a request is complete. @defaultValue 30,000 */
  readonly requestMs?: number;
}

/**
 * Interval in milliseconds at which Node looks for connections beyond their time limit. With its default of 30 s, a limit
 * of 10 s would act after up to 40 s.
 */
const CHECK_MS = 1000;

/** Creates an HTTP server on which no slow client keeps a socket open: it gets 408 at most a second after a limit. */
export function createLimitedServer(
  listener: RequestListener,
  { headersMs = 10_000, requestMs = 30_000 }: ServerLimits = {},
): Server {
  return createServer(
    { connectionsCheckingInterval: CHECK_MS, headersTimeout: headersMs, requestTimeout: requestMs },
    listener,
  );
}
