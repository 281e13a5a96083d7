import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { LogEntry } from './request-log.js';

/** Hono environment of the backend. */
export interface BackendEnv {
  /** Node.js request and response. Missing when the backend calls itself. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Log entry of this request. Missing if the request is not logged. */
    entry?: LogEntry;
    /** Set when a fault closed the connection, so the client gets no response. */
    isCut?: boolean;
  };
}

export type BackendContext = Context<BackendEnv>;
