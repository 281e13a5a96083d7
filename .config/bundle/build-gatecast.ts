import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, replaceFolder } from '../once.js';
import { buildWithVite, gatecastFolder } from './build-environments.js';
import { buildMediaWorker } from './build-media-worker.js';
import { writeIntegrity } from './gatecast-integrity.js';
import { packageInputs, repositoryRoot } from './library-packages.js';
import { writeStartLine } from './write-start-line.js';

/**
 * Builds gatecast.js and its chunks, unless they were built from the same sources.
 *
 * @returns the folder that holds `gatecast.js`, and whether this call built it.
 * @throws Error of Vite.
 */
export async function buildGatecast(): Promise<{ folder: string; built: boolean }> {
  const step = { name: 'gatecast', inputs: packageInputs(), outputs: [join(gatecastFolder, 'gatecast.js')] };
  const built = await buildOnce(step, () =>
    replaceFolder(gatecastFolder, async (outDir) => {
      const build = { outDir };
      await buildWithVite(['gatecast', 'gatecastEmbedHost'], {
        gatecast: { build },
        gatecastEmbedHost: { build },
      });
      for (const file of ['gatecast-embed.html', 'gatecast-embed.css'])
        copyFileSync(join(repositoryRoot, 'packages/script-tag/src', file), join(outDir, file));
      writeFileSync(join(outDir, 'gatecast-worker.js'), await buildMediaWorker());
      writeIntegrity(outDir);
      writeStartLine(outDir);
    }),
  );
  return { folder: gatecastFolder, built };
}
