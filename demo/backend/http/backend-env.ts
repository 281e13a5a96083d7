import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { LogEntry } from './request-log.js';

/** What a request carries through the backend. */
export interface BackendEnv {
  /** Missing where the backend calls itself. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** The line of the request log that is being written; missing where nothing is logged. */
    entry?: LogEntry;
    /** The connection was cut, so nothing of the answer arrives. */
    isCut?: boolean;
  };
}

export type BackendContext = Context<BackendEnv>;
