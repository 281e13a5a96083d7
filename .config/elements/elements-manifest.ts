import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type {
  CustomElementDeclaration,
  CustomElementField,
  ClassMethod,
  Declaration,
  Package,
} from 'custom-elements-manifest';
import { libraryPackages, packageInputs, repositoryRoot } from '../bundle/library-packages.js';
import type { LibraryPackage } from '../bundle/library-packages.js';
import { buildOnce } from '../once.js';

// Own: @custom-elements-manifest/analyzer reads text only. The names of attributes come from functions, so the running
// class gives them.

/** A tag of the manifest, with public members only. */
export interface ElementDeclaration extends CustomElementDeclaration {
  readonly tagName: string;
  members: (CustomElementField | ClassMethod)[];
}

/** What lit knows about a class. */
interface ElementClass {
  readonly observedAttributes: readonly string[];
  readonly elementProperties: ReadonlyMap<PropertyKey, { readonly attribute?: boolean | string }>;
}

/** The packages that define elements. */
export const elementPackages = (): LibraryPackage[] =>
  libraryPackages().filter(({ hasElements }) => hasElements);

const isElement = (declaration: Declaration): declaration is ElementDeclaration => 'tagName' in declaration;

/** The tags that a manifest describes. */
export const elementsOf = ({ modules }: Package): ElementDeclaration[] =>
  modules.flatMap(({ declarations = [] }) => declarations.filter(isElement));

/** The custom-elements manifest of a package, with modules as built, complete attributes and the classes of events. */
export async function elementsManifest({ name, folder, entries }: LibraryPackage): Promise<Package> {
  const outdir = join(repositoryRoot, '.build/manifests', name);
  const file = join(outdir, 'custom-elements.json');
  const read = (): Package =>
    JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
      (key === 'path' || key === 'module') && typeof value === 'string' ? asBuiltPath(value) : value,
    ) as Package;
  const step = {
    name: `manifest-${name}`,
    inputs: [...packageInputs(), '.config/elements'],
    outputs: [file],
  };
  await buildOnce(step, async () => {
    analyze(folder, outdir);
    const classes = (await import(entries['index'] ?? '')) as Readonly<Record<string, unknown>>;
    const manifest = read();
    for (const element of elementsOf(manifest)) completeElement(element, classes[element.name]);
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  });
  return read();
}

/** The analyzer names sources; the published package has the built modules. */
const asBuiltPath = (path: string): string => path.replace(/^\/?src\//, 'dist/').replace(/\.ts$/, '.js');

function analyze(folder: string, outdir: string): void {
  const analyzer = join(repositoryRoot, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
  const config = join(import.meta.dirname, 'analyzer.config.js');
  const options = ['--config', relative(folder, config), '--outdir', relative(folder, outdir)];
  const { status, stderr } = spawnSync(process.execPath, [analyzer, 'analyze', ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The custom-elements manifest of ${folder} failed: ${stderr}`);
}

const isElementClass = (value: unknown): value is ElementClass =>
  typeof value === 'function' && 'observedAttributes' in value && 'elementProperties' in value;

function completeElement(element: ElementDeclaration, elementClass: unknown): void {
  if (!isElementClass(elementClass))
    throw new Error(`The package exports no class for <${element.tagName}>.`);
  const attributeOf = (field: string): string | false => {
    const attribute = elementClass.elementProperties.get(field)?.attribute ?? true;
    return attribute === true ? field.toLowerCase() : attribute;
  };
  element.members = element.members.filter(
    ({ name, privacy = 'public' }) => privacy === 'public' && !name.startsWith('#'),
  );
  for (const member of element.members) if (member.kind === 'field') delete member.attribute;
  element.attributes = elementClass.observedAttributes.map((name) => {
    const member = element.members.find((each) => attributeOf(each.name) === name);
    if (member?.kind !== 'field') return { name };
    member.attribute = name;
    const { name: fieldName, type, description, default: value } = member;
    return {
      name,
      fieldName,
      ...(type && { type }),
      ...(description !== undefined && { description }),
      ...(value !== undefined && { default: value }),
    };
  });
  // `secure-token-failed` is dispatched as a `SecureTokenFailedEvent`. The analyzer also lists calls of dispatchEvent.
  element.events = (element.events ?? [])
    .filter(({ description }) => description !== undefined)
    .map((event) => ({
      ...event,
      type: { text: `${event.name.includes('-') ? pascalCase(event.name) : ''}Event` },
    }));
}

const pascalCase = (text: string): string =>
  text.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
