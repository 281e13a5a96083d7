import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import { buildOnce, replaceFolder } from '../../../.config/once.js';
import { writeApiPages } from './reference/api-pages.js';
import { builtDocsFolder, docsStep } from './docs-step.js';
import { writeCommandPage } from './reference/command-page.js';
import { writeElementPages } from './reference/element-pages.js';

// Own: TypeDoc and the manifest write pages first, and VitePress has no "only what changed".

export const docsFolder = join(repositoryRoot, 'demo/docs');

/** Writes the pages that come from the sources; they are not in git. @throws Error when the sources cannot be read. */
export async function writeReference(): Promise<void> {
  const folder = join(docsFolder, 'reference/generated');
  rmSync(folder, { recursive: true, force: true });
  writeCommandPage(join(folder, 'command-line.md'));
  await Promise.all([writeApiPages(join(folder, 'packages')), writeElementPages(join(folder, 'elements'))]);
}

/**
 * Builds the documentation, unless it was built from the same sources.
 *
 * @throws Error of VitePress, for example for a link to a missing page.
 */
export async function buildDocs(): Promise<{ folder: string; built: boolean }> {
  const built = await buildOnce(docsStep, async () => {
    await writeReference();
    await replaceFolder(builtDocsFolder, (outDir) => build(docsFolder, { outDir }));
  });
  return { folder: builtDocsFolder, built };
}
