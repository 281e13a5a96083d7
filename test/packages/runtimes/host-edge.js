import { readFileSync } from 'node:fs';
import { EdgeRuntime, runServer } from 'edge-runtime';

const { PORT, SETTINGS, BUNDLE } = process.env;
const initialCode = `globalThis.SETTINGS = ${JSON.stringify(SETTINGS)};\n${readFileSync(BUNDLE, 'utf8')}`;
const runtime = new EdgeRuntime({ initialCode });
await runServer({ runtime, port: Number(PORT), host: '127.0.0.1' });
console.log('listening');
