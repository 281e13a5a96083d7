import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../bundle/library-packages.js';

/** Where the site is built to; the demo server serves it from there. */
export const builtDocsFolder = join(repositoryRoot, '.build/docs');

/** Beside the pages: what they were built from. */
export const stampFile = 'sources.sha256';

/** Written by this build, or by another. */
const isWritten = /(^|[/\\])(generated|\.temp|dist|node_modules)[/\\]/;

/** Everything that the site is made of. */
function inputFiles(): string[] {
  const folders = ['demo/docs', 'packages', '.config/docs', '.config/bundle', '.github'];
  return folders
    .flatMap((folder) =>
      readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => !isWritten.test(path))
        .map((path) => join(folder, path)),
    )
    .concat('package-lock.json', 'tsconfig.json')
    .filter((path) => statSync(join(repositoryRoot, path)).isFile())
    .sort();
}

/** Tells one state of the sources from another. */
export function hashDocsSources(): string {
  const hash = createHash('sha256');
  for (const path of inputFiles()) {
    hash.update(path).update('\0');
    hash.update(readFileSync(join(repositoryRoot, path)));
  }
  return hash.digest('hex');
}

/** Is what is built the site of these sources? */
export function areDocsBuilt(): boolean {
  const stamp = join(builtDocsFolder, stampFile);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashDocsSources();
}
