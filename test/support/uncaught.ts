import { settle } from './fake-clock.js';

/**
 * Calls `run` and returns the messages of uncaught errors, which would otherwise end the process.
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
