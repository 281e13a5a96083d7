import { once } from 'node:events';
import { createServer } from 'node:http';
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

/** What the bench asks of this process, which has nothing else to do, so that its CPU time is the work's. */
export type WorkerRequest = { readonly kind: 'bare'; readonly ms: number } | { readonly kind: 'cpu' };

/** Answer to `bare`: tokens signed. Both carry the CPU time that this process has used, in milliseconds. */
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
// A quick key warms the compiler up on the same code in a tenth of the time.
const quick = await generateSigningKey({ alg: 'ES256' });
const warmUp = endpoint(createKeySet([quick.key]));
const server = createServer((incoming, outgoing) => {
  (incoming.url === '/warm-up' ? warmUp : listener)(incoming, outgoing);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Signing alone, as many at once as the load has connections. */
async function signBare(ms: number): Promise<number> {
  const endMs = performance.now() + ms;
  let tokens = 0;
  async function signOn(): Promise<void> {
    while (performance.now() < endMs) {
      const exp = Math.floor(Date.now() / 1000) + 300;
      await new SignJWT({ sub: 'demo', aud: 'v', exp })
        .setProtectedHeader({ alg, kid: 'bench', typ: 'JWT' })
        .sign(key.privateKey);
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
