import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

export interface CommandResult {
  readonly exitCode: number;
  readonly seconds: number;
  /** Its output, if captured. */
  readonly output: string;
  /** The reason, if this process ended it. */
  readonly endedFor: string | undefined;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Captures the output instead of printing it. */
  readonly capture?: boolean;
  /** Gets each line of the output that is not blank, without colours and cursor movements, instead of printing it. */
  readonly onLine?: (line: string) => void;
  /** Runs with low CPU priority. */
  readonly isPatient?: boolean;
  /** Ends the command after this time. */
  readonly timeoutMs?: number;
  /** Ends the command. A reason of type string is included in the result. */
  readonly signal?: AbortSignal;
}

/** A third of the usual share. More would keep a check waiting for many minutes on a machine that is never idle. */
const PATIENT_NICENESS = 5;
/** Time for a process to stop its children before it is killed. */
const GRACE_MS = 20_000;

function reasonOf(signal: AbortSignal): string {
  const { reason } = signal as { reason: unknown };
  return typeof reason === 'string' ? reason : 'the run was ended';
}

/** Runs this version of Node with `args`. Resolves when it ends, with any exit code. */
export function runNode(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { signal, timeoutMs, onLine } = options;
  const startedMs = performance.now();
  const output: string[] = [];
  const stdio = (options.capture ?? onLine) ? 'pipe' : 'inherit';
  if (signal?.aborted)
    return Promise.resolve({ exitCode: 1, seconds: 0, output: '', endedFor: reasonOf(signal) });
  return new Promise((resolve) => {
    let endedFor: string | undefined;
    const timers: NodeJS.Timeout[] = [];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', stdio, stdio],
    });
    if (options.isPatient && child.pid !== undefined) setPriority(child.pid, PATIENT_NICENESS);
    const end = (reason: string): void => {
      endedFor ??= reason;
      child.kill('SIGTERM');
      timers.push(setTimeout(() => child.kill('SIGKILL'), GRACE_MS));
    };
    const onAbort = (): void => {
      if (signal) end(reasonOf(signal));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (timeoutMs !== undefined)
      timers.push(
        setTimeout(() => {
          end(`it took longer than ${timeoutMs / 1000} s`);
        }, timeoutMs),
      );
    const finish = (exitCode: number): void => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve({
        exitCode,
        seconds: (performance.now() - startedMs) / 1000,
        output: output.join(''),
        endedFor,
      });
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (options.capture) stream?.on('data', (chunk: Buffer) => void output.push(chunk.toString()));
      if (onLine && stream)
        createInterface(stream).on('line', (coded) => {
          const line = stripVTControlCharacters(coded).trimEnd();
          if (line !== '') onLine(line);
        });
    }
    child.on('error', (error) => {
      output.push(error.message);
      finish(1);
    });
    child.on('close', (code, endedBy) => {
      if (endedBy) output.push(`\nended by ${endedBy}\n`);
      finish(code ?? 1);
    });
  });
}
