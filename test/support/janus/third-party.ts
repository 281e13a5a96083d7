import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

// Servers from Meetecho, which test/support/janus/install.sh gets.

const folder = new URL('third-party/', import.meta.url);

/** Packages from npm that the endpoints need. */
export const modulesFolder = fileURLToPath(new URL('node_modules/', folder));
/** The sources of Debian's simple-whip-server. */
export const whipServerFolder = fileURLToPath(
  new URL('node_modules/.debian/usr/share/simple-whip-server/src/', folder),
);
export const janusProgram = '/usr/bin/janus';

/** Why these tests cannot run here, for `skip` of node:test. CI has everything, so nothing is skipped there. */
export const missingJanus: string | false = process.env['CI'] ? false : (whatIsMissing() ?? false);

/** In CI, gets the endpoints first. @throws Error what is missing. */
export async function requireJanus(): Promise<void> {
  if (process.env['CI'])
    await promisify(execFile)('bash', [fileURLToPath(new URL('install.sh', import.meta.url))]);
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(`Janus cannot run: ${missing}.`);
}

function whatIsMissing(): string | undefined {
  if (!existsSync(janusProgram)) return 'no Janus on this machine (apt-get install janus)';
  if (!existsSync(whipServerFolder) || !existsSync(`${modulesFolder}janus-whep-server`)) {
    return 'no endpoints of Janus on this machine (bash test/support/janus/install.sh)';
  }
  return networkAddress() === undefined
    ? 'no network interface but loopback, which Janus does not use for media'
    : undefined;
}

function networkAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')?.address;
}

/** Loads a module of a package that is not among the repository's own. */
export async function importThirdParty(path: string): Promise<unknown> {
  return import(pathToFileURL(`${modulesFolder}${path}`).href);
}
