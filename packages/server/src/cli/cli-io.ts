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
   * @throws CliError if the terminal is closed, or the user interrupts.
   */
  readonly ask?: ((question: string, fallback?: string) => Promise<string>) | undefined;
}

/** A command failed. The message goes to stderr, and the process ends with `exitCode`. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: 1 | 2;

  /** @param exitCode - 1: the check found a fault. 2: the command cannot run with these arguments. */
  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
