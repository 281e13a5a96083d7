import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let built: Promise<string> | undefined;

/** Bundles the command once: dozens of starts from TypeScript would take most of the suite's time. */
async function buildCli(): Promise<string> {
  mkdirSync(join(root, '.build'), { recursive: true });
  // Inside the repository, where the dependencies are found.
  const outDir = mkdtempSync(join(root, '.build/cli-'));
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    // Workspace packages go inside: their built files need not exist.
    ssr: {
      noExternal: [/^@gatecast\//],
      resolve: { conditions: ['gatecast-source', 'module', 'node', 'default'] },
    },
    build: {
      ssr: join(root, 'packages/server/src/cli.ts'),
      outDir,
      target: 'node20',
      copyPublicDir: false,
      rolldownOptions: { external: (id) => !/^(?:[./\0]|@gatecast\/)/.test(id) },
    },
  });
  return join(outDir, 'cli.js');
}

/** The bundled command. */
export function builtCli(): Promise<string> {
  built ??= buildCli();
  return built;
}

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts `gatecast`. */
export async function startCli(
  args: string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<ChildProcess> {
  return spawn(process.execPath, [await builtCli(), ...args], { cwd, env: { ...process.env, ...env } });
}

/** Runs `gatecast` to its end. */
export async function runCli(
  args: string[],
  { env = {}, stdin = '', cwd }: { env?: Record<string, string>; stdin?: string; cwd?: string } = {},
): Promise<CliResult> {
  const child = await startCli(args, env, cwd);
  const output = collect(child);
  // A command may end before it has read its input.
  child.stdin?.on('error', () => {}).end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output() };
}

/** What a process writes, as it comes. */
export function collect(child: ChildProcess): () => { out: string; err: string } {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  return () => ({ out, err });
}
