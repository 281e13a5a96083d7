import { join } from 'node:path';
import { Application } from 'typedoc';
import { publicEntries, repositoryRoot } from '../../../../.config/bundle/library-packages.js';

/** Writes one markdown page for each package entry (typedoc.json has the options). @throws Error of TypeDoc. */
export async function writeApiPages(folder: string): Promise<void> {
  const entries = publicEntries();
  const app = await Application.bootstrapWithPlugins({
    options: join(import.meta.dirname, 'typedoc.json'),
    entryPoints: entries.map(({ source }) => source),
    outputs: [{ name: 'markdown', path: folder }],
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources of the packages.');
  // TypeDoc names a module after its source file.
  const names = new Map(
    entries.map(({ source, importName }) => [
      source.slice(join(repositoryRoot, 'packages/').length).replace(/(\/index)?\.ts$/, ''),
      importName,
    ]),
  );
  for (const child of project.children ?? []) child.name = names.get(child.name) ?? child.name;
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error('TypeDoc found errors; they are printed above.');
}
