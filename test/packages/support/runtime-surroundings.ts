import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { createFakeVendor } from '../../../demo/backend/fake-vendor/fake-vendor.js';

export interface RuntimeSurroundings {
  readonly vendorUrl: string;
  /** URL of the live origin's folder. It requires a token of the backend that {@link trust} named. */
  readonly upstream: string;
  /** Calls of the vendor's services since the previous call of this method. */
  takeVendorCalls(): number;
  trust(jwksUrl: string): void;
  stop(): Promise<void>;
}

const PLAYLIST = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nseg1.m4s\n';

/** The services that a backend uses: a fake of the vendor's services and a live origin, on one port. */
export async function startSurroundings(apiKey: string): Promise<RuntimeSurroundings> {
  let findKey: ReturnType<typeof createRemoteJWKSet> | undefined;
  let vendorCalls = 0;
  const app = new Hono();
  app.use('/vendor/*', async (_, next) => {
    vendorCalls += 1;
    // Long enough that concurrent requests overlap.
    await sleep(50);
    await next();
  });
  app.post('/vendor/silent', async (context) => {
    await sleep(3000, undefined, { ref: false });
    return context.body(null, 204);
  });
  app.route('/vendor', createFakeVendor({ apiKey, now: Date.now }));
  app.get('/live/away.m3u8', (context) => context.redirect('http://localhost:9/live/demo.m3u8', 302));
  app.get('/live/moved.m3u8', (context) => context.redirect('demo.m3u8', 302));
  app.get('/live/slow.m3u8', async (context) => {
    await sleep(3000, undefined, { ref: false });
    return context.text(PLAYLIST);
  });
  app.get('/live/:file', async (context) => {
    const token = context.req.query('token') ?? '';
    const isGood = findKey && (await jwtVerify(token, findKey, { audience: 'v' }).catch(() => null));
    return isGood ? context.text(PLAYLIST) : context.text('forbidden', 403);
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${String(portOf(server))}`;
  return {
    vendorUrl: `${origin}/vendor`,
    upstream: `${origin}/live/`,
    takeVendorCalls() {
      const calls = vendorCalls;
      vendorCalls = 0;
      return calls;
    },
    trust(jwksUrl) {
      findKey = createRemoteJWKSet(new URL(jwksUrl));
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
