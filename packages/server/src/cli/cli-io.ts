/** Where a command reads and writes: the process, or a test. */
export interface CliIo {
  /** What a program may read on: tokens, lists. */
  out(text: string): void;
  /** What a person reads: remarks and errors. */
  note(text: string): void;
  readStdin(): Promise<string>;
  now(): number;
}

/** A command that failed: the message goes to stderr, `exitCode` to the shell. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: 1 | 2;

  /** @param exitCode - 1: what was checked is not good; 2: the command cannot be run as it was given. */
  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
