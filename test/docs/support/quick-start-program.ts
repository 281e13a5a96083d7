import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildGatecast } from '../../../.config/bundle/build-gatecast.js';
import { namedCodeBlocks } from './code-blocks.js';

const repositoryFolder = fileURLToPath(new URL('../../..', import.meta.url));
const redirect = new URL('./redirect-vendor-services.ts', import.meta.url).href;

export interface QuickStart {
  /** Path below `demo/docs`. */
  readonly page: string;
  /** Name of the block that is the backend. */
  readonly backend: string;
  /** Environment variables that the page asks the reader to set. */
  readonly environment: Readonly<Record<string, string>>;
  /** Other files that the page asks the reader to put into `public`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A running quick start, as it is after following the page. */
export interface RunningQuickStart {
  /** The URL that the backend printed. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/**
 * Writes the blocks of a page to files and runs the backend among them, unchanged.
 *
 * @param vendorOrigin - replaces the vendor's token services.
 * @throws Error with the backend's output when it does not start.
 */
export async function runQuickStart(
  { page, backend, environment, files = {} }: QuickStart,
  vendorOrigin: string,
): Promise<RunningQuickStart> {
  const blocks = namedCodeBlocks(page);
  if (!blocks.has(backend)) throw new Error(`${page} has no code block named ${backend}.`);
  mkdirSync(join(repositoryFolder, '.build'), { recursive: true });
  // Inside the repository, so that packages resolve, but in a folder that is not linted.
  const folder = mkdtempSync(join(repositoryFolder, '.build/quick-start-'));
  for (const [path, text] of [...blocks, ...Object.entries(files)]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  cpSync((await buildGatecast()).folder, join(folder, 'public'), { recursive: true });
  const child = spawn(
    process.execPath,
    ['--conditions=gatecast-source', '--import', 'tsx', '--import', redirect, backend],
    {
      cwd: folder,
      env: { ...process.env, PORT: '0', ...environment, VENDOR_ORIGIN: vendorOrigin },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  async function close(): Promise<void> {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    return { address: await firstLine(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaints = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`The backend ended: ${complaints}`)));
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}
