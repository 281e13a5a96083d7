import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { MediaWorkerUse } from '../media/media-worker.js';
import type { Bench } from '../report/bench-report.js';

const WORKER = fileURLToPath(new URL('../media/media-worker.ts', import.meta.url));
const BODY = JSON.stringify({ purpose: 'playback', streams: ['demo'], reason: 'initial' });
const HEADERS = {
  'Content-Type': 'application/json',
  'Content-Length': Buffer.byteLength(BODY),
  Accept: 'application/json, multipart/mixed',
};
/** Largest number of starts that wait for their answers. Beyond it, starts are missed, and counted. */
const MOST_OPEN = 2000;

interface Answer {
  readonly bytes: number;
  /** Time until the JSON part, in milliseconds. */
  readonly firstMs: number;
}

/** What media in the first response cost a backend: one stream, starts at a fixed rate whether or not answers come. */
export const measureMedia: Bench = async ({ isQuick, tell }) => {
  const ms = isQuick ? 3000 : 10_000;
  const rows: (string | number)[][] = [];
  const figures = [];
  for (const perSecond of [100, 500, 1000]) {
    for (const path of ['/playlists', '/media']) {
      tell(`${String(perSecond)} starts a second, ${path.slice(1)}`);
      const figure = await measure(path, perSecond, ms);
      figures.push({ perSecond, answer: path.slice(1), ...figure });
      const { answered, missed, bytes, cpuMicros, rssMiB, fetched, medianMs, p99Ms } = figure;
      rows.push([
        perSecond,
        path.slice(1),
        answered,
        missed,
        bytes,
        cpuMicros,
        rssMiB,
        fetched,
        medianMs,
        p99Ms,
      ]);
    }
  }
  const columns = ['starts/s', 'answer', 'answered', 'missed', 'bytes each', 'CPU µs each', 'most MiB'];
  return {
    tables: [
      {
        title: 'Starts of one stream, one process',
        columns: [...columns, 'from the origin', 'median ms', 'p99 ms'],
        rows,
      },
    ],
    aims: [],
    figures,
  };
};

async function measure(path: string, perSecond: number, ms: number) {
  const worker = fork(WORKER, [], { execArgv: ['--conditions=gatecast-source', '--import', 'tsx'] });
  const agent = new Agent({ keepAlive: true });
  try {
    const [port] = (await once(worker, 'message')) as [number];
    await load(agent, port, path, 200, 1500);
    const before = await use(worker);
    const watch = { mostMiB: before.rssMiB };
    const timer = setInterval(() => {
      void use(worker).then(({ rssMiB }) => (watch.mostMiB = Math.max(watch.mostMiB, rssMiB)));
    }, 250);
    const { answers, missed } = await load(agent, port, path, perSecond, ms);
    clearInterval(timer);
    const after = await use(worker);
    const sorted = answers.map(({ firstMs }) => firstMs).sort((a, b) => a - b);
    const quantile = (share: number) =>
      Number((sorted[Math.floor((sorted.length - 1) * share)] ?? NaN).toFixed(1));
    return {
      answered: answers.length,
      missed,
      bytes: Math.round(answers.reduce((sum, { bytes }) => sum + bytes, 0) / answers.length),
      cpuMicros: Math.round(((after.cpuMs - before.cpuMs) * 1000) / answers.length),
      rssMiB: Math.round(watch.mostMiB),
      fetched: after.fetched - before.fetched,
      medianMs: quantile(0.5),
      p99Ms: quantile(0.99),
    };
  } finally {
    agent.destroy();
    worker.kill();
  }
}

async function use(worker: ChildProcess): Promise<MediaWorkerUse> {
  const answer = once(worker, 'message');
  worker.send('use');
  return ((await answer) as [MediaWorkerUse])[0];
}

/** Starts at a fixed rate. */
async function load(agent: Agent, port: number, path: string, perSecond: number, ms: number) {
  const startMs = performance.now();
  const all: Promise<Answer>[] = [];
  let [open, sent, missed] = [0, 0, 0];
  while (performance.now() < startMs + ms) {
    const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond);
    for (; sent < due; sent += 1) {
      if (open >= MOST_OPEN) {
        missed += 1;
        continue;
      }
      open += 1;
      all.push(post(agent, port, path).finally(() => (open -= 1)));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return { answers: await Promise.all(all), missed };
}

function post(agent: Agent, port: number, path: string): Promise<Answer> {
  const sentMs = performance.now();
  return new Promise((resolve, reject) => {
    httpRequest({ agent, port, host: '127.0.0.1', path, method: 'POST', headers: HEADERS }, (response) => {
      let bytes = 0;
      let firstMs = 0;
      response.on('data', (chunk: Buffer) => {
        firstMs ||= performance.now() - sentMs;
        bytes += chunk.length;
      });
      response.once('end', () => resolve({ bytes, firstMs }));
    })
      .once('error', reject)
      .end(BODY);
  });
}
