import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { readersEnvironment } from './pack-packages.js';
import { PATIENT_TOKEN_SECONDS } from './patient-wait.js';
import { serveProject, type ServedProject } from './serve-project.js';

/** The project's own configuration, with the lines of the documentation that forward to a backend. */
const configFor = (
  hasOwn: boolean,
  backend: string,
): string => `${hasOwn ? `import own from './vite.config.ts';` : 'const own = {};'}
const backend = '${backend}';
export default { ...own, server: { proxy: { '/api': backend, '/live': backend, '/my': backend } } };
`;

/** Starts a project's development server of Vite, with the demo's token backend and streams behind it. */
export async function serveDevelopment(workspace: string, folder: string): Promise<ServedProject> {
  const backend = await serveProject(null, { tokenTtlSeconds: PATIENT_TOKEN_SECONDS });
  const hasOwn = existsSync(join(folder, 'vite.config.ts'));
  writeFileSync(join(folder, 'development.config.ts'), configFor(hasOwn, backend.origin));
  const port = String(await freePort());
  const vite = join(workspace, 'node_modules/vite/bin/vite.js');
  const where = ['--host', '127.0.0.1', '--port', port, '--strictPort'];
  const child = spawn(process.execPath, [vite, '--config', 'development.config.ts', ...where], {
    cwd: folder,
    env: readersEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('ready in')) resolve();
      });
    }
    void exited.then(() => reject(new Error(`Vite ended:\n${output}`)));
  });
  async function close(): Promise<void> {
    child.kill();
    await exited;
    await backend.close();
  }
  try {
    await ready;
  } catch (error) {
    await close();
    throw error;
  }
  return { origin: `http://127.0.0.1:${port}`, close };
}
