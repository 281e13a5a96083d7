import { join } from 'node:path';
import { Application, type TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { libraryPackages, repositoryRoot } from '../bundle/library-packages.js';

/** Entries that have nothing to read about: registering a tag, and the command line. */
const silentEntries = new Set(['define', 'cli']);

/** What is documented, by the name that TypeDoc gives a module; the value is how a page imports it. */
function documentedModules(): Map<string, { readonly source: string; readonly importName: string }> {
  return new Map(
    libraryPackages().flatMap(({ name, entries }) =>
      Object.entries(entries)
        .filter(([entry]) => !silentEntries.has(entry))
        .map(([entry, source]) => {
          const isIndex = entry === 'index';
          const module = isIndex ? `${name}/src` : `${name}/src/${entry}`;
          return [
            module,
            { source, importName: isIndex ? `@gatecast/${name}` : `@gatecast/${name}/${entry}` },
          ];
        }),
    ),
  );
}

/**
 * Writes one markdown page for each package entry, from declarations and docstrings.
 *
 * @throws Error when the sources cannot be read.
 */
export async function generateApiPages(outDir: string): Promise<void> {
  const modules = documentedModules();
  const options: Partial<TypeDocOptions> & Partial<PluginOptions> = {
    entryPoints: [...modules.values()].map(({ source }) => source),
    tsconfig: join(repositoryRoot, '.config/docs/tsconfig.api.json'),
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: outDir }],
    readme: 'none',
    // Elements are documented with the tags of the custom-elements manifest, which TypeDoc calls unknown.
    logLevel: 'Error',
    // The type check is a step of its own; here it would only cost time.
    skipErrorChecking: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    disableSources: true,
    router: 'module',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    // Its links count equal headings in a way of its own, which VitePress does not share.
    useHTMLAnchors: true,
    entryFileName: 'index',
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
  };
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources of the packages.');
  project.name = 'Packages';
  for (const child of project.children ?? []) {
    child.name = modules.get(child.name)?.importName ?? child.name;
  }
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error('TypeDoc found errors; they are printed above.');
}
