import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SigningAlgorithm } from '@gatecast/server';
import type { WorkerAnswer, WorkerRequest } from './server-mint-worker.js';

/** Cost of minting with one algorithm. "Per core" uses the CPU time of all threads of the server's process. */
export interface MintFigures {
  readonly alg: SigningAlgorithm;
  readonly bareTokensPerCore: number;
  readonly httpTokensPerCore: number;
  /** `http / bare`. 1 means that HTTP has no cost. */
  readonly shareOfBare: number;
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
 * Measures bare signing and the token endpoint over HTTP alternately, so that both run under the same conditions. The
 * best round of each counts, because other load on the machine only adds CPU time.
 */
export async function measureServerMint(
  alg: SigningAlgorithm,
  { rounds = 5, roundMs = 1200, warmUpMs = 3000 } = {},
): Promise<MintFigures> {
  const worker = fork(WORKER, [alg], { execArgv: ['--conditions=gatecast-source', '--import', 'tsx'] });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    const [port] = (await once(worker, 'message')) as [number];
    await ask(worker, { kind: 'bare', ms: 500 });
    await load(agent, port, '/warm-up', warmUpMs);
    const bareMicros: number[] = [];
    const httpMicros: number[] = [];
    const delaysMs: number[] = [];
    const startMs = performance.now();
    let bareMs = 0;
    for (let round = 0; round < rounds; round += 1) {
      const signed = await ask(worker, { kind: 'bare', ms: roundMs });
      bareMs += roundMs;
      bareMicros.push((signed.cpuMs * 1000) / signed.tokens);
      const before = await ask(worker, { kind: 'cpu' });
      const roundDelaysMs = await load(agent, port, '/api/tokens', roundMs);
      const after = await ask(worker, { kind: 'cpu' });
      httpMicros.push(((after.cpuMs - before.cpuMs) * 1000) / roundDelaysMs.length);
      delaysMs.push(...roundDelaysMs);
    }
    const loadMs = performance.now() - startMs - bareMs;
    return figures(alg, Math.min(...bareMicros), Math.min(...httpMicros), delaysMs, loadMs);
  } finally {
    agent.destroy();
    worker.kill();
  }
}

function figures(
  alg: SigningAlgorithm,
  bareMicros: number,
  httpMicros: number,
  delaysMs: number[],
  loadMs: number,
): MintFigures {
  const sorted = delaysMs.sort((a, b) => a - b);
  const quantile = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN, 2);
  return {
    alg,
    bareTokensPerCore: rounded(1e6 / bareMicros),
    httpTokensPerCore: rounded(1e6 / httpMicros),
    shareOfBare: rounded(bareMicros / httpMicros, 3),
    overheadMicros: rounded(httpMicros - bareMicros),
    tokensPerSecond: rounded((delaysMs.length / loadMs) * 1000),
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}

/** Keeps every connection busy. Returns the latency of each response in milliseconds. */
async function load(agent: Agent, port: number, path: string, ms: number): Promise<number[]> {
  const endMs = performance.now() + ms;
  const delaysMs: number[] = [];
  async function askOn(): Promise<void> {
    while (performance.now() < endMs) {
      const sentMs = performance.now();
      await post(agent, port, path);
      delaysMs.push(performance.now() - sentMs);
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, askOn));
  return delaysMs;
}

function post(agent: Agent, port: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(BODY) };
    httpRequest({ agent, port, host: '127.0.0.1', path, method: 'POST', headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`It answered ${response.statusCode}.`));
      response.resume().once('end', resolve);
    })
      .once('error', reject)
      .end(BODY);
  });
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
