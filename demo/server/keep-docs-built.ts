import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { docsStep } from '../docs/.vitepress/docs-step.js';
import { isBuilt } from '../../.config/once.js';

const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));
const nodeOptions = [
  '--conditions=gatecast-source',
  '--import',
  'tsx',
  '--import',
  './.config/exit-with-parent.js',
];

/**
 * Builds the documentation if it is out of date. The build takes many seconds, so it runs in a separate process with
 * the lowest priority: the demo must still answer requests and play video smoothly.
 *
 * @throws Error with the error output of the build.
 */
export async function buildDocsAside(signal: AbortSignal): Promise<void> {
  if (isBuilt(docsStep)) return;
  const child = spawn(process.execPath, [...nodeOptions, 'demo/docs/.vitepress/docs.ts', 'build'], {
    cwd: repositoryFolder,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal,
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  // The abort signal ends the child process with an error event.
  child.on('error', () => undefined);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 && !signal.aborted)
    throw new Error(complaints.trim() || 'The build of the documentation ended without a message.');
}
