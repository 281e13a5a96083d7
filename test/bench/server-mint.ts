import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SigningAlgorithm } from '@gatecast/server';
import { loadServer } from './http-load.js';
import type { WorkerAnswer, WorkerRequest } from './server-mint-worker.js';

/** Cost of minting with one algorithm. "Per core" uses the CPU time of all threads of the server's process. */
export interface MintFigures {
  readonly alg: SigningAlgorithm;
  readonly bareTokensPerCore: number;
  readonly httpTokensPerCore: number;
  /** By the least that a server with `node:http` and jose does, without any check. */
  readonly plainTokensPerCore: number;
  /** `http / bare`. 1 means that HTTP has no cost. */
  readonly shareOfBare: number;
  /** `plain / bare`: what `shareOfBare` would be for that server. */
  readonly plainShareOfBare: number;
  /** CPU time of a request without signing, in microseconds. */
  readonly overheadMicros: number;
  /** By wall-clock time, with the load generator on the same machine. */
  readonly tokensPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 8;
const WORKER = fileURLToPath(new URL('server-mint-worker.ts', import.meta.url));
const BODY = JSON.stringify({ purpose: 'playback', streams: ['demo'], reason: 'scheduled' });

/**
 * Measures bare signing, a plain server and the token endpoint alternately, so that all run under the same conditions. The
 * best round of each counts, because other load on the machine only adds CPU time.
 */
export async function measureServerMint(
  alg: SigningAlgorithm,
  { rounds = 5, roundMs = 1200, warmUpMs = 3000 } = {},
): Promise<MintFigures> {
  const worker = fork(WORKER, [alg], { execArgv: ['--conditions=gatecast-source', '--import', 'tsx'] });
  try {
    const [port] = (await once(worker, 'message')) as [number];
    const loadFor = (path: string, ms: number) =>
      loadServer({ port, path, body: BODY, connections: CONNECTIONS, ms });
    /** Processor time for each response in microseconds, and the latencies. */
    async function measure(path: string): Promise<{ micros: number; delaysMs: number[] }> {
      const before = await ask(worker, { kind: 'cpu' });
      const delaysMs = await loadFor(path, roundMs);
      const after = await ask(worker, { kind: 'cpu' });
      return { micros: ((after.cpuMs - before.cpuMs) * 1000) / delaysMs.length, delaysMs };
    }
    await ask(worker, { kind: 'bare', ms: 500 });
    await loadFor('/plain', warmUpMs / 4);
    await loadFor('/warm-up', warmUpMs);
    const micros = { bare: [] as number[], plain: [] as number[], http: [] as number[] };
    const delaysMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const signed = await ask(worker, { kind: 'bare', ms: roundMs });
      micros.bare.push((signed.cpuMs * 1000) / signed.tokens);
      micros.plain.push((await measure('/plain')).micros);
      const http = await measure('/api/tokens');
      micros.http.push(http.micros);
      delaysMs.push(...http.delaysMs);
    }
    const bare = Math.min(...micros.bare);
    const plain = Math.min(...micros.plain);
    const http = Math.min(...micros.http);
    return figures(alg, { bare, plain, http }, delaysMs, rounds * roundMs);
  } finally {
    worker.kill();
  }
}

function figures(
  alg: SigningAlgorithm,
  { bare, plain, http }: { readonly bare: number; readonly plain: number; readonly http: number },
  delaysMs: number[],
  loadMs: number,
): MintFigures {
  const sorted = delaysMs.sort((a, b) => a - b);
  const quantile = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN, 2);
  return {
    alg,
    bareTokensPerCore: rounded(1e6 / bare),
    plainTokensPerCore: rounded(1e6 / plain),
    httpTokensPerCore: rounded(1e6 / http),
    shareOfBare: rounded(bare / http, 3),
    plainShareOfBare: rounded(bare / plain, 3),
    overheadMicros: rounded(http - bare),
    tokensPerSecond: rounded((delaysMs.length / loadMs) * 1000),
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

async function ask(worker: ChildProcess, request: WorkerRequest): Promise<WorkerAnswer> {
  const answer = once(worker, 'message');
  worker.send(request);
  return ((await answer) as [WorkerAnswer])[0];
}

function rounded(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const alg of ['RS256', 'ES256', 'EdDSA'] as const)
    console.log(JSON.stringify(await measureServerMint(alg)));
}
