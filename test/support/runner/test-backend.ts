import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface RunningBackend {
  readonly origin: string;
  close: () => Promise<void> | void;
}

interface BackendModule {
  readonly createBackend: (options?: object) => {
    listen: (at: { port: number }) => Promise<RunningBackend>;
  };
}

function isBackendModule(module: unknown): module is BackendModule {
  return (
    typeof module === 'object' &&
    module !== null &&
    'createBackend' in module &&
    typeof module.createBackend === 'function'
  );
}

/** Starts the demo's backend on a port of its own for the tests, or says why it could not. */
export async function startTestBackend(): Promise<RunningBackend | undefined> {
  const entry = new URL('../../../demo/backend/backend.ts', import.meta.url);
  if (!existsSync(fileURLToPath(entry))) {
    console.log('demo/backend/backend.ts is not there: tests that need the demo backend will fail.');
    return undefined;
  }
  const module: unknown = await import(entry.href);
  if (!isBackendModule(module)) throw new TypeError('demo/backend/backend.ts exports no createBackend().');
  return module.createBackend().listen({ port: 0 });
}
