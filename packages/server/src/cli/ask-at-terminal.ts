import { createInterface } from 'node:readline/promises';
import { CliError } from './cli-io.js';

/**
 * Asks a question at the terminal of this process. The question goes to stderr, so that stdout has results only.
 *
 * @throws CliError if the user interrupts, or the terminal is closed.
 */
export async function askAtTerminal(question: string, fallback = ''): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new CliError('Interrupted. Nothing was written.')));
  });
  try {
    const answer = await Promise.race([lines.question(question), closed]);
    return answer.trim() === '' ? fallback : answer.trim();
  } finally {
    lines.removeAllListeners('close').close();
  }
}
