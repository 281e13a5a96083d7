import { createInterface, type Interface } from 'node:readline';
import { InterruptedError } from './cli-io.js';

/** The terminal of this process. Questions go to stderr, so that stdout has results only. */
export class Terminal {
  /** One for all questions: a person may paste several answers at once. */
  #lines: Interface | undefined;
  readonly #typed: string[] = [];
  #isClosed = false;
  #woken: () => void = () => undefined;

  /**
   * Asks a question. An empty answer is `fallback`.
   *
   * @throws InterruptedError if the user interrupts, or the terminal is closed.
   */
  async ask(question: string, fallback = ''): Promise<string> {
    const lines = (this.#lines ??= this.#open());
    // The editor of a line knows the width of its prompt only if that is one line.
    const end = question.lastIndexOf('\n') + 1;
    process.stderr.write(question.slice(0, end));
    lines.setPrompt(question.slice(end));
    lines.prompt();
    while (this.#typed.length === 0 && !this.#isClosed)
      await new Promise<void>((resolve) => (this.#woken = resolve));
    const answer = this.#typed.shift()?.trim();
    if (answer === undefined) throw new InterruptedError();
    return answer === '' ? fallback : answer;
  }

  /** Gives the terminal back. The process does not end before. */
  close(): void {
    this.#lines?.close();
  }

  #open(): Interface {
    // Without a history: the arrow keys would offer the answer to another question.
    const lines = createInterface({ input: process.stdin, output: process.stderr, historySize: 0 });
    lines.on('line', (line) => {
      this.#typed.push(line);
      this.#woken();
    });
    lines.once('close', () => {
      // Ctrl+C leaves the cursor behind the question.
      if (!this.#isClosed) process.stderr.write('\n');
      this.#isClosed = true;
      this.#woken();
    });
    return lines;
  }
}
