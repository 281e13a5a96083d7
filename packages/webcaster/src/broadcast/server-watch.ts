import { watchEvents, watchStatus } from './watch-server.js';

/** The ways to ask a server whether it receives a broadcast. */
export const serverWatch = { events: watchEvents, status: watchStatus };
