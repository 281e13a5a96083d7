import type { BrowserContext, Route } from 'playwright-core';
import { WebSocket } from 'ws';

/** Answers requests to `hosts` by a handler in this process; any other host but this machine is cut off. */
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
  // The page may have gone meanwhile.
  await route.fulfill({ status: response.status, headers, body: bytes }).catch(() => undefined);
}

/** Connects WebSockets to `host` with a server of this machine, query and all. */
export async function rerouteSockets(context: BrowserContext, host: string, origin: string): Promise<void> {
  await context.routeWebSocket(
    ({ hostname }) => hostname === host,
    (page) => {
      const { pathname, search } = new URL(page.url());
      const server = new WebSocket(`${origin}${pathname}${search}`);
      server.on('message', (data, isBinary) =>
        page.send(isBinary ? (data as Buffer) : (data as Buffer).toString()),
      );
      server.on('close', (code) => void page.close({ code }));
      page.onClose(() => server.close());
    },
  );
}
