/** Input and output of a command, so that tests can replace those of the process. */
export interface CliIo {
  /** Writes a result to stdout, such as a token or a list. */
  out(text: string): void;
  /** Writes a note, a warning or an error to stderr. */
  note(text: string): void;
  readStdin(): Promise<string>;
  now(): number;
  /**
   * Asks a question at the terminal. An empty answer is `fallback`. `undefined` if there is no terminal.
   *
   * @throws InterruptedError if the terminal is closed, or the user interrupts.
   */
  readonly ask?: ((question: string, fallback?: string) => Promise<string>) | undefined;
}

/** 0 success, 1 the check found a fault, 2 the command cannot run with these arguments or failed, 130 interrupted at a question. */
export type ExitCode = 0 | 1 | 2 | 130;

/** A command failed. The message goes to stderr, and the process ends with `exitCode`. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly exitCode: Exclude<ExitCode, 0>;

  /** @param exitCode - @defaultValue 2 */
  constructor(message: string, exitCode: Exclude<ExitCode, 0> = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The user interrupted a question with Ctrl+C, or the terminal was closed. A shell ends with the same code. */
export class InterruptedError extends CliError {
  override readonly name = 'InterruptedError';

  constructor() {
    super('Interrupted. Nothing was written.', 130);
  }
}
