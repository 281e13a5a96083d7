export interface TestBackend {
  readonly origin: string;
  close: () => Promise<void>;
}

/**
 * Starts the demo's backend on a port of its own for one engine's run. Without it the tests that ask for
 * its origin fail, and the others still say what they have to say.
 */
export async function startTestBackend(): Promise<TestBackend | undefined> {
  try {
    const { createBackend } = await import('../../../demo/backend/backend.js');
    const backend = await createBackend();
    return await backend.listen({ port: 0 });
  } catch (error) {
    console.error('The demo backend did not start, so tests that need it will fail:', error);
    return undefined;
  }
}
