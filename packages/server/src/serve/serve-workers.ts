import type { Logger } from '../http/logger.js';
import { sleep } from '../http/timeouts.js';
import { sumFigures } from '../node/prometheus-metrics.js';
import type { RunningServer } from './serve.js';
import { WorkerChannel, type MessagePeer } from './worker-channel.js';

/** A process that serves, as `node:cluster` starts it. */
export interface WorkerProcess extends MessagePeer {
  readonly process: { readonly pid?: number | undefined; kill(signal: NodeJS.Signals): unknown };
  once(event: 'disconnect' | 'exit' | 'error', listener: () => void): unknown;
}

export interface ServeWorkersOptions {
  /** Number of workers, at least 1. */
  readonly count: number;
  readonly logger: Logger;
  /** Starts a worker, `number` from 1. */
  readonly fork: (number: number) => WorkerProcess;
  /** Waits before a worker that ended is replaced. @defaultValue a timer */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A worker that ends at once is replaced after 0.2 s, then 0.4 s, at most 30 s. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;
/** A worker that has served for this long did not fail at its start. */
const STEADY_MS = 60_000;
/** Time that a worker has to respond with its figures, or to end after its own grace. */
const ANSWER_MS = 2000;

interface Worker {
  readonly process: WorkerProcess;
  readonly channel: WorkerChannel;
  isListening: boolean;
}

interface Listening {
  readonly port: number;
  readonly metricsPort?: number | undefined;
  readonly adminPort?: number | undefined;
}

/**
 * Serves with several processes on one port. A worker that ends is replaced, after a delay that doubles with each failure in a
 * row.
 *
 * @throws Error if the first worker cannot start.
 */
export async function serveWorkers(options: ServeWorkersOptions): Promise<RunningServer> {
  const { count, logger, fork, wait = sleep } = options;
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  const workers = new Map<number, Worker>();

  /** Starts a worker. Resolves when it listens. */
  function start(number: number): { listening: Promise<Listening>; ended: Promise<void> } {
    const process = fork(number);
    const ended = new Promise<void>((resolve) => {
      const onEnd = (): void => {
        workers.delete(number);
        resolve();
      };
      process.once('exit', onEnd);
      // If the system has no room for a process, there is only an error.
      process.once('error', onEnd);
    });
    const listening = new Promise<Listening>((resolve, reject) => {
      const channel = new WorkerChannel(process, {
        metrics: () => summed(),
        listening: async (value) => {
          worker.isListening = true;
          resolve(value as Listening);
        },
      });
      const worker = { process, channel, isListening: false };
      workers.set(number, worker);
      void ended.then(() => reject(new Error('A worker could not start. The lines before say why.')));
    });
    listening.then(
      () => logger.info({ worker: number, pid: process.process.pid }, 'A worker listens'),
      () => undefined,
    );
    return { listening, ended };
  }

  async function keep(number: number, first: Promise<void>): Promise<void> {
    let ended = first;
    let failures = 0;
    for (;;) {
      const sinceMs = performance.now();
      await ended;
      if (isStopping()) return;
      failures = performance.now() - sinceMs > STEADY_MS ? 1 : failures + 1;
      const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
      logger.error({ worker: number, delayMs }, 'A worker ended; another one takes its place');
      await wait(delayMs, stopping.signal).catch(() => undefined);
      if (isStopping()) return;
      ended = start(number).ended;
    }
  }

  /** Those that answer questions. */
  function listeningWorkers(): Worker[] {
    return [...workers.values()].filter(({ isListening }) => isListening);
  }

  async function summed(): Promise<string> {
    const asked = listeningWorkers().map(({ channel }) =>
      Promise.race([channel.ask('figures'), sleep(ANSWER_MS)]).catch(() => undefined),
    );
    return sumFigures((await Promise.all(asked)).filter((each) => each !== undefined));
  }

  // The first one alone, so that a fault of the configuration is reported once.
  const firstWorker = start(1);
  const { port, metricsPort, adminPort } = await firstWorker.listening;
  void keep(1, firstWorker.ended);
  const others = Array.from({ length: count - 1 }, (_, index) => {
    const { listening, ended } = start(index + 2);
    void keep(index + 2, ended);
    return listening;
  });
  await Promise.allSettled(others);

  return {
    port,
    ...(metricsPort !== undefined && { metricsPort }),
    ...(adminPort !== undefined && { adminPort }),
    async reload() {
      await Promise.all(listeningWorkers().map(({ channel }) => channel.ask('reload')));
    },
    async stop(graceMs = 10_000) {
      if (isStopping()) return;
      stopping.abort();
      await Promise.all([...workers.values()].map((worker) => end(worker, graceMs)));
    },
  };
}

async function end({ process, channel, isListening }: Worker, graceMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => void process.once('exit', resolve));
  const isEnded = new AbortController();
  const killed = sleep(graceMs + ANSWER_MS, isEnded.signal).then(
    () => void process.process.kill('SIGKILL'),
    () => undefined,
  );
  if (isListening) void channel.ask('stop').catch(() => undefined);
  else process.process.kill('SIGTERM');
  await ended;
  isEnded.abort();
  await killed;
}
