import type { BrowserContext, Route } from 'playwright-core';
import { WebSocket } from 'ws';

/** Answers requests to `hosts` with a handler in this process, and blocks all other hosts except localhost. */
export async function rerouteHosts(
  context: BrowserContext,
  hosts: readonly string[],
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<void> {
  await context.route(
    ({ hostname }) => hostname !== 'localhost',
    async (route) => {
      const { hostname } = new URL(route.request().url());
      if (hosts.includes(hostname)) await answer(route, fetch);
      else await route.abort();
    },
  );
}

async function answer(
  route: Route,
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<void> {
  const asked = route.request();
  const body = asked.postDataBuffer();
  const response = await fetch(
    new Request(asked.url(), {
      method: asked.method(),
      headers: await asked.allHeaders(),
      ...(body && { body: new Uint8Array(body) }),
    }),
  );
  const bytes = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  // The page may have been closed in the meantime.
  await route.fulfill({ status: response.status, headers, body: bytes }).catch(() => undefined);
}

/** Connects WebSockets for `host` to a local server, with their query. */
export async function rerouteSockets(context: BrowserContext, host: string, origin: string): Promise<void> {
  await context.routeWebSocket(
    ({ hostname }) => hostname === host,
    (page) => {
      const { pathname, search } = new URL(page.url());
      const server = new WebSocket(`${origin}${pathname}${search}`);
      server.on('message', (data, isBinary) =>
        page.send(isBinary ? (data as Buffer) : (data as Buffer).toString()),
      );
      // A page that goes away while it connects is an error for `ws`, which would end the test.
      server.on('error', () => undefined);
      server.on('close', (code) => void page.close({ code }));
      page.onClose(() => server.close());
    },
  );
}
