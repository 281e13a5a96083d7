import { settle } from './fake-clock.js';

/**
 * Runs something and returns the messages of the errors that nobody caught on the way, where they would otherwise end
 * the process.
 */
export async function uncaught(run: () => Promise<void>): Promise<string[]> {
  const messages: string[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => messages.push(error.message));
  try {
    await run();
    await settle();
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
  return messages;
}
