import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { freePort } from '../../support/free-port.js';

/** Why there is no Redis, or `false`. */
export const withoutRedis =
  spawnSync('redis-server', ['--version']).status !== 0 && 'redis-server is not on this machine';

export interface RunningRedis {
  readonly client: Redis;
  /** Ends the server and leaves the client to find out. */
  kill(): Promise<void>;
  /** Stops the process, which still accepts connections but answers none; `false` continues it. */
  hang(isHung: boolean): void;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** @defaultValue a free one */
  readonly port?: number;
  /** Folder for what `SAVE` writes, and where a server finds it at its start. @defaultValue none */
  readonly folder?: string;
}

/** A Redis of its own on a loopback port, which saves nothing by itself. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RunningRedis> {
  const port = options.port ?? (await freePort());
  const args = [
    ...(options.folder === undefined ? [] : ['--dir', options.folder]),
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--loglevel',
    'warning',
  ];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: 1000,
    retryStrategy: (times) => (times < 40 ? 50 : null),
  });
  // Refused connections while the server starts or after it has been killed are what the tests are about.
  client.on('error', () => {});
  const ready = new Promise<void>((resolve) => {
    client.once('ready', () => resolve());
  });
  await client.connect().catch(() => {});
  await ready;
  const kill = () => ended(server);
  return {
    client,
    kill,
    hang: (isHung) => void server.kill(isHung ? 'SIGSTOP' : 'SIGCONT'),
    stop: async () => {
      client.disconnect();
      await kill();
    },
  };
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });
}
