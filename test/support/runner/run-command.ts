import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

export interface CommandResult {
  readonly exitCode: number;
  readonly seconds: number;
  /** What it printed, when it was captured. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Collect the output instead of showing it as it comes. */
  readonly capture?: boolean;
  /** Leaves the processor to whoever else wants it. */
  readonly isPatient?: boolean;
  /** Ends the command when it takes longer. */
  readonly timeoutMs: number;
}

/** Runs this Node with `args` and resolves, whatever the outcome, when it ended. */
export function runNode(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const startedMs = performance.now();
  const output: string[] = [];
  const stdio = options.capture ? 'pipe' : 'inherit';
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', stdio, stdio],
      timeout: options.timeoutMs,
      killSignal: 'SIGTERM',
    });
    if (options.isPatient && child.pid !== undefined)
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const finish = (exitCode: number): void => {
      resolve({ exitCode, seconds: (performance.now() - startedMs) / 1000, output: output.join('') });
    };
    const collect = (chunk: Buffer): void => void output.push(chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => {
      output.push(error.message);
      finish(1);
    });
    child.on('close', (code, signal) => {
      if (signal) output.push(`\nended by ${signal}\n`);
      finish(code ?? 1);
    });
  });
}
