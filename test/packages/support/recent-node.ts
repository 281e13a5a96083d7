import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { arch, env, execPath, platform, version } from 'node:process';
import { npm, readersEnvironment } from './pack-packages.js';

/** As the newest frameworks require. */
const LOWEST = { major: 24, minor: 15 };

const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
const isRecent = major > LOWEST.major || (major === LOWEST.major && minor >= LOWEST.minor);

/** A program of Node, and the environment in which npm and its scripts use it. */
export interface RecentNode {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The Node that the newest frameworks need: this process's own, or one that the registry has.
 *
 * @param folder - where to install it.
 */
export function recentNode(folder: string): RecentNode {
  let program = execPath;
  if (!isRecent) {
    const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
    mkdirSync(folder, { recursive: true });
    const args = ['--no-save', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', folder];
    npm(['install', ...args, `${name}@24.22.3`], folder);
    program = join(folder, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  }
  const quiet = { NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1' };
  // Many programs load the same large files.
  const compiled = join(folder, 'compiled');
  const path = `${dirname(program)}${delimiter}${env['PATH'] ?? ''}`;
  return {
    program,
    env: {
      ...readersEnvironment(),
      ...quiet,
      NG_CLI_ANALYTICS: 'false',
      NODE_COMPILE_CACHE: compiled,
      PATH: path,
    },
  };
}
