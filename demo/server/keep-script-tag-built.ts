import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { fileURLToPath } from 'node:url';

const packagesFolder = fileURLToPath(new URL('../../packages', import.meta.url));
const packageSource = /[\\/]packages[\\/][^\\/]+[\\/]src[\\/]/;

/** The part of Vite's watcher that is needed here. */
interface Watcher {
  add(path: string): unknown;
  on(event: 'all', listener: (event: string, path: string) => void): unknown;
}

/** Builds `gatecast.js` when it is asked for, once until a source of a package changes, and says where it is. */
export function keepScriptTagBuilt(watcher: Watcher): () => Promise<string> {
  let current: Promise<string> | undefined;
  watcher.add(packagesFolder);
  watcher.on('all', (_event, path) => {
    if (packageSource.test(path)) current = undefined;
  });
  return () => {
    const build = current ?? buildGatecast().then(({ folder }) => folder);
    current = build;
    // A failed build is tried again by whoever asks next.
    build.catch(() => {
      if (current === build) current = undefined;
    });
    return build;
  };
}
