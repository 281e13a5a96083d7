import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { buildDeclarations } from './build-declarations.js';
import { buildTagTypes } from './build-tag-types.js';
import { buildGatecast } from './build-gatecast.js';
import { hashModules, scriptTags } from './gatecast-integrity.js';
import { libraryPackages, repositoryRoot } from './library-packages.js';

/** What gatecast.js exports to pages. */
const labelCalls = ['setPlayerMessages', 'setWebcasterMessages'];

/** Every file of gatecast.js as a package, so that a CDN of packages can serve it; its source maps stay here. */
function fillScriptTagPackage(gatecast: string): void {
  const dist = join(repositoryRoot, 'packages/script-tag/dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const published = /\.js$|^integrity\.json$|^licenses\.md$/;
  for (const file of readdirSync(gatecast).filter((name) => published.test(name))) {
    cpSync(join(gatecast, file), join(dist, file));
  }
  // Tags are for browsers: a server that imports the package gets a module that does nothing.
  const server = labelCalls.map((name) => `export async function ${name}() {}\n`);
  writeFileSync(join(dist, 'server.js'), server.join(''));
  const types = labelCalls.map(
    (name) =>
      `/** Sets texts of a language; the keys are those of the package's own \`${name}\`. */\n` +
      `export declare function ${name}(\n` +
      `  language: string,\n  messages: Readonly<Record<string, string>>,\n): Promise<void>;\n`,
  );
  writeFileSync(join(dist, 'index.d.ts'), types.join('\n'));
}

/** Builds every package into its dist, and gatecast.js. */
export async function buildAll(): Promise<void> {
  const builder = await createBuilder({
    root: repositoryRoot,
    configFile: join(repositoryRoot, 'vite.config.ts'),
    logLevel: 'warn',
  });
  for (const { name } of libraryPackages()) {
    const environment = builder.environments[name];
    if (!environment) throw new Error(`vite.config.ts has no environment named ${name}.`);
    console.log(`▸ packages/${name}/dist`);
    await builder.build(environment);
  }
  const { folder, built } = await buildGatecast();
  console.log(`${built ? '▸' : '▸ unchanged:'} ${folder}/gatecast.js`);
  fillScriptTagPackage(folder);
  console.log('▸ custom-elements manifests, types for tags');
  await buildTagTypes();
  console.log('▸ declarations');
  buildDeclarations();
  const { script } = scriptTags(hashModules(folder));
  console.log(`\n${script}\n(its chunks are covered by the import map in ${folder}/script-tag.html)\n`);
}
