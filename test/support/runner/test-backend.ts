export interface TestBackend {
  readonly origin: string;
  close: () => Promise<void>;
}

/**
 * Starts the demo's backend on its own port for the run of one engine. If it does not start, only the tests that use
 * its origin fail.
 */
export async function startTestBackend(): Promise<TestBackend | undefined> {
  try {
    const { createBackend } = await import('../../../demo/backend/backend.js');
    const { referenceCheck } = await import('../../doubles/reference-checks/reference-check.js');
    const backend = await createBackend({ faultPages: 'loopback', schemeCheck: referenceCheck });
    return await backend.listen({ port: 0 });
  } catch (error) {
    console.error('The demo backend did not start, so tests that need it will fail:', error);
    return undefined;
  }
}
