import { createInterface, type Interface } from 'node:readline';
import { InterruptedError } from './cli-io.js';

export interface TerminalOptions {
  /** @defaultValue `process.stdin` */
  readonly input?: NodeJS.ReadableStream;
  /** @defaultValue `process.stderr` */
  readonly output?: NodeJS.WritableStream;
  /** What Ctrl+C does while no question waits. @defaultValue the signal SIGINT for this process, as without a question */
  readonly interrupt?: () => void;
}

/** The terminal of this process. Questions go to stderr, so that stdout has results only. */
export class Terminal {
  /** One for all questions: a person may paste several answers at once. */
  #lines: Interface | undefined;
  readonly #typed: string[] = [];
  readonly #input: NodeJS.ReadableStream;
  readonly #output: NodeJS.WritableStream;
  readonly #interrupt: () => void;
  #isClosed = false;
  #isWaiting = false;
  #woken: () => void = () => undefined;

  constructor({
    input = process.stdin,
    output = process.stderr,
    interrupt = () => process.kill(process.pid, 'SIGINT'),
  }: TerminalOptions = {}) {
    this.#input = input;
    this.#output = output;
    this.#interrupt = interrupt;
  }

  /**
   * Asks a question. An empty answer is `fallback`.
   *
   * @throws InterruptedError if the user interrupts, or the terminal is closed.
   */
  async ask(question: string, fallback = ''): Promise<string> {
    if (this.#isClosed) throw new InterruptedError();
    const lines = (this.#lines ??= this.#open());
    // The editor of a line knows the width of its prompt only if that is one line.
    const end = question.lastIndexOf('\n') + 1;
    this.#output.write(question.slice(0, end));
    lines.setPrompt(question.slice(end));
    lines.prompt();
    const answer = (await this.#nextLine())?.trim();
    if (answer === undefined) throw new InterruptedError();
    return answer === '' ? fallback : answer;
  }

  /** Gives the terminal back. The process does not end before. */
  close(): void {
    this.#lines?.close();
    this.#isClosed = true;
  }

  /** `undefined` if the terminal is closed. */
  async #nextLine(): Promise<string | undefined> {
    this.#isWaiting = true;
    while (this.#typed.length === 0 && !this.#isClosed)
      await new Promise<void>((resolve) => (this.#woken = resolve));
    this.#isWaiting = false;
    return this.#typed.shift();
  }

  #open(): Interface {
    // Without a history: the arrow keys would offer the answer to another question.
    const lines = createInterface({
      input: this.#input,
      output: this.#output,
      historySize: 0,
      terminal: true,
    });
    lines.on('line', (line) => {
      this.#typed.push(line);
      this.#woken();
    });
    // The editor of a line takes Ctrl+C from the terminal, also while no question waits.
    lines.on('SIGINT', () => {
      const isAsked = this.#isWaiting;
      lines.close();
      if (!isAsked) this.#interrupt();
    });
    lines.once('close', () => {
      // Ctrl+C leaves the cursor behind the question.
      if (!this.#isClosed) this.#output.write('\n');
      this.#isClosed = true;
      // What was typed before counts no more.
      this.#typed.length = 0;
      this.#woken();
    });
    return lines;
  }
}
