import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'vite';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import { npm } from './pack-packages.js';
import { freePort } from '../../support/free-port.js';

/** A runtime on which the handlers of `@gatecast/server` are tested. */
export interface Runtime {
  readonly name: string;
  /** The npm package that contains its program. */
  readonly program?: { readonly name: string; readonly range: string };
  /** The file to bundle for it, and the format of the bundle. */
  readonly bundle?: { readonly entry: string; readonly format: 'es' | 'iife' };
  /** Returns the command that serves the app in a project. */
  readonly command: (folder: string, port: number) => readonly [string, ...string[]];
}

const workerdConfig = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      modules = [(name = "worker.js", esModule = embed "dist/worker.js")],
      bindings = [(name = "SETTINGS", fromEnvironment = "SETTINGS")],
      compatibilityDate = "2025-06-01",
    )),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "app")],
);
`;

/** The runtime passes its bindings with the first request. */
const workerEntry = `import { createApp } from './app.js';
let app;
export default {
  async fetch(request, { SETTINGS }) {
    app ??= createApp(JSON.parse(SETTINGS));
    return (await app)(request, { clientAddress: request.headers.get('CF-Connecting-IP') ?? undefined });
  },
};
`;

export const runtimes: readonly Runtime[] = [
  { name: 'Node', command: () => [process.execPath, 'host-node.js'] },
  {
    name: 'Bun',
    program: { name: 'bun', range: '^1.4.5' },
    command: (folder) => [join(folder, 'node_modules/bun/bin/bun.exe'), 'host-bun.js'],
  },
  {
    name: 'Deno',
    program: { name: 'deno', range: '^2.9.6' },
    command: (folder) => [
      join(folder, 'node_modules/.bin/deno'),
      'run',
      '--allow-net',
      '--allow-env',
      'host-deno.js',
    ],
  },
  {
    name: 'workerd',
    program: { name: 'workerd', range: '^1.20261117.1' },
    bundle: { entry: 'worker.js', format: 'es' },
    command: (folder, port) => {
      writeFileSync(join(folder, 'config.capnp'), workerdConfig(port));
      return [join(folder, 'node_modules/.bin/workerd'), 'serve', 'config.capnp'];
    },
  },
  {
    name: 'edge-runtime',
    program: { name: 'edge-runtime', range: '^4.0.1' },
    bundle: { entry: 'edge-worker.js', format: 'iife' },
    command: () => [process.execPath, 'host-edge.js'],
  },
];

/** Adds the app and a runtime's program to a project with the packed package. */
export async function prepareRuntime(folder: string, { program, bundle }: Runtime): Promise<string> {
  cpSync(join(repositoryRoot, 'test/packages/runtimes'), folder, { recursive: true });
  writeFileSync(join(folder, 'worker.js'), workerEntry);
  if (bundle) {
    await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['workerd', 'edge-light', 'worker', 'browser', 'import', 'default'] },
      build: {
        outDir: 'dist',
        minify: false,
        lib: { entry: bundle.entry, formats: [bundle.format], name: 'app', fileName: () => bundle.entry },
      },
    });
  }
  if (!program) return process.version;
  // With install scripts, because these packages download or link their program in one.
  npm(['install', '--no-audit', '--no-fund', `${program.name}@${program.range}`], folder);
  const manifest = join(folder, 'node_modules', program.name, 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

export interface RunningRuntime {
  readonly origin: string;
  stop(): void;
}

/** Starts the app on a runtime. `settingsFor` receives the app's origin. */
export async function startRuntime(
  folder: string,
  { name, command, bundle }: Runtime,
  settingsFor: (origin: string) => object,
): Promise<RunningRuntime> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${String(port)}`;
  const [file, ...args] = command(folder, port);
  const child = spawn(file, args, {
    cwd: folder,
    env: {
      ...env,
      NODE_OPTIONS: '',
      PORT: String(port),
      SETTINGS: JSON.stringify(settingsFor(origin)),
      BUNDLE: bundle && join(folder, 'dist', bundle.entry),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const stop = (): void => void child.kill('SIGKILL');
  const endMs = Date.now() + 120_000;
  while (!(await isUp(origin))) {
    if (child.exitCode !== null || Date.now() > endMs) {
      stop();
      throw new Error(`${name} does not serve the app:\n${output}`);
    }
    await sleep(100);
  }
  return { origin, stop };
}

function isUp(origin: string): Promise<boolean> {
  return fetch(`${origin}/.well-known/jwks.json`).then(
    async (response) => (await response.arrayBuffer()).byteLength > 0,
    () => false,
  );
}
