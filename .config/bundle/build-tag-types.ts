import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';
import { isElementsManifest } from './elements-manifest.js';
import { frameworkTypes } from './framework-types.js';
import type { Framework } from './framework-types.js';
import { buildElementsManifest, elementPackages } from './build-elements-manifest.js';

/** The same manifest as the tools declare it, with lists that may be changed: they get a copy. */
type ToolsManifest = Parameters<typeof generateVsCodeCustomElementData>[0];

const isToolsManifest = (value: unknown): value is ToolsManifest => isElementsManifest(value);

const frameworks: readonly Framework[] = ['react', 'vue', 'svelte'];

/** Which frameworks' templates a package has types for: those that its exports map names. */
const namedFrameworks = (folder: string): Framework[] => {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  return frameworks.filter((framework) => text.includes(`"./dist/${framework}.d.ts"`));
};

/**
 * Writes what tools need to know of each package's tags: the custom-elements manifest, and from it types for the
 * templates of frameworks and data for editors.
 */
export async function buildTagTypes(): Promise<void> {
  for (const library of elementPackages()) {
    const dist = join(library.folder, 'dist');
    const manifest = await buildElementsManifest(library);
    for (const framework of namedFrameworks(library.folder)) {
      writeFileSync(join(dist, `${framework}.d.ts`), frameworkTypes(manifest, framework));
      // The import that brings the types must not fail where the code runs.
      writeFileSync(join(dist, `${framework}.js`), 'export {};\n');
    }
    const silent = { outdir: dist, hideLogs: true };
    const copy: unknown = structuredClone(manifest);
    if (!isToolsManifest(copy)) throw new TypeError(`The manifest of ${library.name} is none.`);
    generateVsCodeCustomElementData(copy, {
      ...silent,
      htmlFileName: 'vscode.html-custom-data.json',
      cssFileName: 'vscode.css-custom-data.json',
    });
    generateJetBrainsWebTypes(copy, { ...silent, packageJson: false });
    if (!existsSync(join(dist, 'web-types.json'))) throw new Error(`${library.name} has no web-types.json.`);
  }
}
