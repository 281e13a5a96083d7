import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ListeningProcess {
  /** `http://127.0.0.1:` and the port. */
  readonly origin: string;
  /** Ends the process, and removes its folder. */
  stop(): Promise<void>;
}

export interface ListeningProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Port of 127.0.0.1 that it listens on. */
  readonly port: number;
  /** Temporary folder with all of its files. */
  readonly folder: string;
}

/** Starts a server, and resolves when it listens. */
export async function startListening(options: ListeningProcessOptions): Promise<ListeningProcess> {
  const { command, args, env = process.env, port, folder } = options;
  const server = spawn(command, args, { stdio: 'ignore', env });
  const ended = new Promise<void>((resolve, reject) => {
    server.once('exit', () => resolve());
    server.once('error', reject);
  });
  await Promise.race([
    listens(port),
    ended.then(() => {
      throw new Error(`${command} ended before it listened`);
    }),
  ]);
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    async stop() {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await sleep(25);
  }
  throw new Error('the server did not listen within 10 seconds');
}
