import { createApp } from './app.js';

const app = await createApp(JSON.parse(Deno.env.get('SETTINGS')));
Deno.serve(
  { hostname: '127.0.0.1', port: Number(Deno.env.get('PORT')), onListen: () => console.log('listening') },
  (request, { remoteAddr }) => app(request, { clientAddress: remoteAddr.hostname }),
);
