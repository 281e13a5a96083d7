import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../packages/server/src/cli.ts', import.meta.url));
const ARGS = ['--conditions=gatecast-source', '--import', 'tsx', CLI];

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts `gatecast` from its source. */
export function startCli(args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [...ARGS, ...args], { env: { ...process.env, ...env } });
}

/** Runs `gatecast` to its end. */
export async function runCli(args: string[], { env = {}, stdin = '' } = {}): Promise<CliResult> {
  const child = startCli(args, env);
  const output = collect(child);
  child.stdin?.end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output() };
}

/** What a process writes, as it comes. */
export function collect(child: ChildProcess): () => { out: string; err: string } {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  return () => ({ out, err });
}
