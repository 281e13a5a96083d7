import type { Context, Hono } from 'hono';
import type { SessionEvents } from './session-events.js';
import { limitBody, methodNotAllowed, preflight, sessionNotFound } from './session-http.js';
import { sessionProblem } from './session-problem.js';

export interface EventRoutesOptions {
  /** The events of the session in the path, for a request with a valid token. Else the response that refuses it. */
  readonly find: (c: Context) => Promise<SessionEvents | Response>;
  /** The events of the session in the path. */
  readonly peek: (stream: string, session: string) => SessionEvents | undefined;
}

const MAX_LIST_BYTES = 4096;

/**
 * Adds the routes of server-sent events below `/:stream/:session/events`. An event stream is created with a token. It is read
 * without one, because `EventSource` cannot send a header: its URL cannot be guessed, and ends with the session.
 */
export function addEventRoutes(app: Hono, { find, peek }: EventRoutesOptions): void {
  const base = '/:stream/:session/events';
  app.options(base, () => preflight({ 'Accept-Post': 'application/json' }));
  app.options(`${base}/:events`, () => preflight({}));

  app.post(base, limitBody(MAX_LIST_BYTES), async (c) => {
    const events = await find(c);
    if (events instanceof Response) return events;
    const wanted = readNames(await c.req.text());
    if (wanted === 'invalid') {
      return sessionProblem('invalid-event-list', 'Send a JSON array with names of events, or no body.');
    }
    const id = events.create(wanted);
    if (id === undefined) {
      return sessionProblem('too-many-event-streams', 'The session has too many event streams. DELETE one.');
    }
    return new Response(null, {
      status: 201,
      headers: { Location: `${new URL(c.req.url).pathname}/${id}`, 'Cache-Control': 'no-store' },
    });
  });

  app.get(`${base}/:events`, (c) => {
    const { stream, session, events } = c.req.param();
    const body = peek(stream, session)?.read(events);
    if (!body) return sessionNotFound();
    return new Response(body, {
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      },
    });
  });

  app.delete(`${base}/:events`, (c) => {
    const { stream, session, events } = c.req.param();
    const isRemoved = peek(stream, session)?.remove(events) ?? false;
    return isRemoved ? new Response(null, { status: 204 }) : sessionNotFound();
  });

  app.all(base, () => methodNotAllowed('POST, OPTIONS'));
  app.all(`${base}/:events`, () => methodNotAllowed('GET, DELETE, OPTIONS'));
}

/** The value of a `Link` header that offers the events of a session. */
export function eventsLink(sessionPath: string, rel: string, names: readonly string[]): string {
  return `<${sessionPath}/events>; rel="${rel}"; events="${names.join(',')}"`;
}

function readNames(text: string): string[] | undefined | 'invalid' {
  if (text === '') return undefined;
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((name) => typeof name === 'string')) return list;
  } catch {
    // Not JSON: as any other body.
  }
  return 'invalid';
}
