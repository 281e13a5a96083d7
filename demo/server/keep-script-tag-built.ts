import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packagesFolder = fileURLToPath(new URL('../../packages', import.meta.url));
const packageSource = /[\\/]packages[\\/][^\\/]+[\\/]src[\\/]/;

/** The part of Vite's watcher that this module uses. */
interface Watcher {
  add(path: string): unknown;
  on(event: 'all', listener: (event: string, path: string) => void): unknown;
}

/** Returns a function that builds `gatecast.js` if a package source has changed, and resolves with its folder. */
export function keepScriptTagBuilt(watcher: Watcher): () => Promise<string> {
  let current: Promise<string> | undefined;
  // Not the whole packages: Vite reloads every open page when a build writes an HTML file to a watched folder.
  for (const name of readdirSync(packagesFolder)) watcher.add(join(packagesFolder, name, 'src'));
  watcher.on('all', (_event, path) => {
    if (packageSource.test(path)) current = undefined;
  });
  return () => {
    const build = current ?? buildGatecast().then(({ folder }) => folder);
    current = build;
    // After a failed build, the next call builds again.
    build.catch(() => {
      if (current === build) current = undefined;
    });
    return build;
  };
}
