import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../bundle/library-packages.js';
import { generateApiPages } from './generate-api-pages.js';
import { generateElementPages } from './generate-element-pages.js';

export const docsFolder = join(repositoryRoot, 'demo/docs');

/** Writes the pages that come from the sources; they are not in git. @throws Error when the sources cannot be read. */
export async function generateReference(): Promise<void> {
  const folder = join(docsFolder, 'reference/generated');
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([
    generateApiPages(join(folder, 'packages')),
    generateElementPages(join(folder, 'elements')),
  ]);
}
