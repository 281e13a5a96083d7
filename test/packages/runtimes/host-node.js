import { createServer } from 'node:http';
import { toNodeListener } from '@gatecast/server/node';
import { createApp } from './app.js';

const app = await createApp(JSON.parse(process.env.SETTINGS));
const server = createServer(toNodeListener(app));
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
