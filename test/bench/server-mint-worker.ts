import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type KeySet,
  type SigningAlgorithm,
} from '@gatecast/server';
import { toNodeListener, withNativeSigning } from '@gatecast/server/node';
import { SignJWT } from 'jose';

/** A command of the bench. The process does nothing else, so its CPU time is that of the measured work. */
export type WorkerRequest = { readonly kind: 'bare'; readonly ms: number } | { readonly kind: 'cpu' };

/** Reply to `bare`: the number of signed tokens. Both replies contain the CPU time of this process in milliseconds. */
export interface WorkerAnswer {
  readonly tokens: number;
  readonly cpuMs: number;
}

const alg = process.argv[2] as SigningAlgorithm;
const { key } = await generateSigningKey({ alg, kid: 'bench' });

function endpoint(keys: KeySet) {
  const issuers = { playback: jwtIssuer({ keys: withNativeSigning(keys) }) };
  return toNodeListener(createTokenHandler({ issuers, authorize: () => true }));
}

const listener = endpoint(createKeySet([key]));
// A fast key warms up the JIT compiler on the same code in a tenth of the time.
const quick = await generateSigningKey({ alg: 'ES256' });
const warmUp = endpoint(createKeySet([quick.key]));
const server = createServer((incoming, outgoing) => {
  if (incoming.url === '/plain') answerPlainly(incoming, outgoing);
  else (incoming.url === '/warm-up' ? warmUp : listener)(incoming, outgoing);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function sign(stream: string): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 300;
  return new SignJWT({ sub: stream, aud: 'v', exp })
    .setProtectedHeader({ alg, kid: 'bench', typ: 'JWT' })
    .sign(key.privateKey);
}

/** The least that a page by hand does with `node:http` and jose: it checks nothing. */
function answerPlainly(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const { streams } = JSON.parse(Buffer.concat(chunks).toString()) as { streams: [string] };
    void sign(streams[0]).then((token) => {
      const serverTime = Math.floor(Date.now() / 1000);
      const text = JSON.stringify({
        tokens: [{ stream: streams[0], token, expiresAt: serverTime + 300 }],
        serverTime,
      });
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
      outgoing.writeHead(200, { ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text);
    });
  });
}

/** Signs tokens without HTTP, with as many in parallel as the load has connections. */
async function signBare(ms: number): Promise<number> {
  const endMs = performance.now() + ms;
  let tokens = 0;
  async function signOn(): Promise<void> {
    while (performance.now() < endMs) {
      await sign('demo');
      tokens += 1;
    }
  }
  await Promise.all(Array.from({ length: 8 }, signOn));
  return tokens;
}

process.on('message', (message: WorkerRequest) => {
  void (async () => {
    const beforeMs = cpuMs();
    const tokens = message.kind === 'bare' ? await signBare(message.ms) : 0;
    const usedMs = message.kind === 'bare' ? cpuMs() - beforeMs : cpuMs();
    process.send?.({ tokens, cpuMs: usedMs } satisfies WorkerAnswer);
  })();
});

const address = server.address();
process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
