import { CliError, type CliIo } from '../cli-io.js';

/** Asks until `read` accepts the answer. It throws a `CliError` for a wrong one. */
export async function askUntil<Answer>(
  io: CliIo,
  ask: NonNullable<CliIo['ask']>,
  text: string,
  fallback: string | undefined,
  read: (answer: string) => Promise<Answer> | Answer,
): Promise<Answer> {
  // Only the last line is asked again.
  const again = text.slice(text.lastIndexOf('\n') + 1);
  for (let question = text; ; question = again) {
    const answer = await ask(question, fallback);
    try {
      return await read(answer);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      io.note(`${error.message}\n`);
    }
  }
}
