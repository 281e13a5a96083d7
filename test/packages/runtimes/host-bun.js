import { createApp } from './app.js';

const app = await createApp(JSON.parse(Bun.env.SETTINGS));
Bun.serve({
  hostname: '127.0.0.1',
  port: Number(Bun.env.PORT),
  fetch: (request, server) => app(request, { clientAddress: server.requestIP(request)?.address }),
});
console.log('listening');
