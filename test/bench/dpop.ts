import { createKeySet, createTokenVerifier, generateSigningKey, signClaims } from '@gatecast/server';
import { proveRequests } from '@gatecast/token';
import { createDpopClient } from '../server/support/dpop-client.js';

/**
 * Cost of proofs of possession per request, without network: making a proof, and checking a token without and with one.
 * Run it with `node .config/run.js test/bench/dpop.ts`.
 */
const RUNS = 2000;
const url = 'https://origin.test/live/s.m3u8';
const { key } = await generateSigningKey({ kid: 'k1', alg: 'RS256' });
const keys = createKeySet([key]);
const client = await createDpopClient();
const claims = { sub: 's', aud: 'v', exp: Math.floor(Date.now() / 1000) + 3600 };
const bound = await signClaims(keys, { ...claims, cnf: { jkt: client.jkt } });
const unbound = await signClaims(keys, claims);
const verifier = createTokenVerifier({ keys });

/** Median and 95th percentile of the time of `run`, in milliseconds. */
async function measure(name: string, run: (index: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    const startMs = performance.now();
    await run(index);
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(RUNS * share)] ?? NaN).toFixed(3);
  console.log(`${name.padEnd(44)} median ${at(0.5)} ms   p95 ${at(0.95)} ms`);
}

const send = proveRequests({ endpoint: '', secret: 'opaque' })(async () => new Response(null));
const bearer = { headers: { Authorization: 'Bearer opaque' } };
await send(url, bearer);
await measure('client: a request with a proof', () => send(url, bearer));
await measure('server: token alone', () => verifier.verify(unbound, { stream: 's' }));

const proofs = await Promise.all(
  Array.from({ length: RUNS }, () => client.prove({ url, token: bound, claims: { iat: claims.exp - 3600 } })),
);
await measure('server: token with proof, known key', (index) => {
  const headers = { Authorization: `DPoP ${bound}`, DPoP: proofs[index] ?? '' };
  return verifier.verify(bound, { stream: 's', request: new Request(url, { headers }) });
});

const strangers = await Promise.all(
  Array.from({ length: RUNS }, async () => {
    const stranger = await createDpopClient();
    const token = await signClaims(keys, { ...claims, cnf: { jkt: stranger.jkt } });
    return { token, proof: await stranger.prove({ url, token }) };
  }),
);
await measure('server: token with proof, first of its key', (index) => {
  const { token = '', proof = '' } = strangers[index] ?? {};
  const headers = { Authorization: `DPoP ${token}`, DPoP: proof };
  return verifier.verify(token, { stream: 's', request: new Request(url, { headers }) });
});
const [one] = strangers;
console.log(`header DPoP: ${one?.proof.length ?? 0} bytes`);
