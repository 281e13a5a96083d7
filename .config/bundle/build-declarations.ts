import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { libraryPackages, repositoryRoot } from './library-packages.js';

/**
 * Writes the .d.ts files of every package beside its modules. One program checks them all, since packages
 * read each other's sources.
 * @throws Error when the types do not hold.
 */
export function buildDeclarations(): void {
  const emitted = join(repositoryRoot, '.build/declarations');
  rmSync(emitted, { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', '.config/bundle/tsconfig.declarations.json'],
    { cwd: repositoryRoot, stdio: 'inherit' },
  );
  for (const { name, folder } of libraryPackages()) {
    cpSync(join(emitted, name, 'src'), join(folder, 'dist'), { recursive: true });
  }
  if (status !== 0) throw new Error('tsc found errors: the declarations are not complete.');
}
