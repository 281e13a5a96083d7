import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { libraryPackages, repositoryRoot, type LibraryPackage } from '../bundle/library-packages.js';
import { type ElementDeclaration, elementPage, findElements } from './element-page.js';

const manifestsFolder = join(repositoryRoot, '.build/docs-manifests');
const analyzerConfig = join(repositoryRoot, '.config/docs/elements-analyzer.config.js');

/** A folder of its own: a build may write `dist` at the same time. */
async function analyze({ name, folder }: LibraryPackage): Promise<ElementDeclaration[]> {
  const analyzer = join(repositoryRoot, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
  const outDir = join(manifestsFolder, name);
  mkdirSync(outDir, { recursive: true });
  const child = spawn(
    process.execPath,
    [
      analyzer,
      'analyze',
      '--litelement',
      '--quiet',
      '--globs',
      'src/**/*.ts',
      '--config',
      relative(folder, analyzerConfig),
      '--outdir',
      relative(folder, outDir),
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error(`The custom-elements manifest of ${name} failed.`);
  return findElements(JSON.parse(readFileSync(join(outDir, 'custom-elements.json'), 'utf8')));
}

/** Writes a page for each tag, from the custom-elements manifest. @throws Error when the analyzer fails. */
export async function generateElementPages(outDir: string): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  const packages = libraryPackages().filter(({ hasElements }) => hasElements);
  for (const declarations of await Promise.all(packages.map(analyze))) {
    for (const declaration of declarations) {
      writeFileSync(join(outDir, `${declaration.tagName}.md`), elementPage(declaration));
    }
  }
}
