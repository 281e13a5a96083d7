import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  checkRequest,
  createKeySet,
  createRevocationHandler,
  createRevocations,
  createTokenHandler,
  createTokenVerifier,
  importSigningKey,
  jwtIssuer,
  type StoreDownPolicy,
} from '@gatecast/server';
import { toNodeListener, withNativeSigning } from '@gatecast/server/node';
import { redisRevocationStore, redisUsageStore } from '@gatecast/server/redis';
import { Redis } from 'ioredis';

// One instance of a backend and of an origin, in a process of its own. It shares nothing with the others but Redis and the key.

const [redisPort, pem, key, whenStoreDown] = process.argv.slice(2) as [
  string,
  string,
  string,
  StoreDownPolicy,
];
const client = new Redis({
  host: '127.0.0.1',
  port: Number(redisPort),
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  commandTimeout: 1000,
});
client.on('error', () => undefined);
await once(client, 'ready');

const keys = withNativeSigning(createKeySet([await importSigningKey(pem, { kid: 'bench' })]));
const revocations = createRevocations({
  store: redisRevocationStore(client),
  secret: key,
  longestLifeSeconds: 300,
  // The bench fills a list of 10,000, and revokes more.
  maxEntries: 20_000,
  whenStoreDown,
});
const tokens = toNodeListener(
  createTokenHandler({
    issuers: { playback: jwtIssuer({ keys, ttlSeconds: 300 }) },
    authorize: (request) => ({ user: request.headers.get('X-User') ?? '', device: 'tv' }),
    concurrentStreams: { store: redisUsageStore(client), maxConcurrent: 3 },
    revocations,
    push: { maxPerAddress: 10_000 },
  }),
);
const admin = toNodeListener(createRevocationHandler({ revocations, key }));
const verifier = createTokenVerifier({ keys, isRevoked: revocations.isRevoked });
const segment = toNodeListener(async (request) => {
  const checked = await checkRequest(verifier, request, 'demo');
  return checked instanceof Response ? checked : new Response('segment');
});

const server = createServer((incoming, outgoing) => {
  const path = incoming.url ?? '';
  const listener = path.startsWith('/api/') ? tokens : path.startsWith('/admin/') ? admin : segment;
  listener(incoming, outgoing);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
await revocations.ready;
const address = server.address();
process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }));
process.once('disconnect', () => process.exit());
process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
