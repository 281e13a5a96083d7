import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';
import { elementPackages, elementsManifest } from './elements-manifest.js';
import { frameworks, frameworkTypes } from './framework-types.js';

// The tools for editors are kept up; framework-types.ts says why those for frameworks are not used.

/** The manifest as the tools for editors declare it. */
type ToolsManifest = Parameters<typeof generateVsCodeCustomElementData>[0];

/** Writes the custom-elements manifest of each package with tags, and from it types for frameworks and editors' data. */
export async function writeTagTypes(): Promise<void> {
  for (const library of elementPackages()) {
    const outdir = join(library.folder, 'dist');
    const manifest = await elementsManifest(library);
    const text = JSON.stringify(manifest, null, 2);
    // Both tools change the manifest that they get.
    const copy = (): ToolsManifest => JSON.parse(text) as ToolsManifest;
    writeFileSync(join(outdir, 'custom-elements.json'), `${text}\n`);
    for (const framework of frameworks) {
      writeFileSync(join(outdir, `${framework}.d.ts`), frameworkTypes(manifest, framework));
      // The import that brings the types must not fail where the code runs.
      writeFileSync(join(outdir, `${framework}.js`), 'export {};\n');
    }
    generateVsCodeCustomElementData(copy(), {
      outdir,
      hideLogs: true,
      htmlFileName: 'vscode.html-custom-data.json',
      cssFileName: 'vscode.css-custom-data.json',
    });
    generateJetBrainsWebTypes(copy(), { outdir, hideLogs: true, packageJson: false });
  }
}
