import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { minify } from 'terser';
import { build } from 'vite';
import { repositoryRoot } from '../bundle/library-packages.js';

// Own: Vite makes one classic script of the source, terser its shortest form; no tool prints it with its CSP hash.

/** Path of the committed module with the script. */
export const startScriptPath = join(repositoryRoot, 'packages/contract/src/start-script.ts');

async function bundle(): Promise<string> {
  const entry = join(repositoryRoot, 'packages/player/src/start/start-line.ts');
  const result = await build({
    root: repositoryRoot,
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['gatecast-source', 'import', 'default'] },
    build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] } },
  });
  const [output] = [result].flat();
  if (!output || !('output' in output)) throw new Error('Vite returned no output.');
  return output.output[0].code;
}

/** The script, as short as it gets. @throws Error of Vite or terser. */
export async function startScript(): Promise<string> {
  // In a block of its own nothing becomes a global; `let` and `self` are the short names.
  const code = (await bundle()).replaceAll(/\b(?:const|var) /g, 'let ').replaceAll('globalThis', 'self');
  const { code: script = '' } = await minify(`{${code}}`, {
    ecma: 2022,
    toplevel: true,
    compress: {
      passes: 5,
      global_defs: { '@location.origin': 'origin' },
      unsafe: true,
      unsafe_arrows: true,
      unsafe_methods: true,
      pure_getters: true,
      keep_fargs: false,
    },
    format: { inline_script: true },
  });
  return script;
}

/** The text of the module. */
export async function startScriptModule(): Promise<string> {
  const script = await startScript();
  const hash = createHash('sha256').update(script).digest('base64');
  const text = `// Written by \`npm run start-line\` from packages/player/src/start/start-line.ts.

/**
 * The inline script that starts the players of a page before gatecast.js is there. Its element has the addresses of the
 * engine's modules in \`data-parts\`, separated by spaces, so that the script and its hash are the same on every page.
 */
export const START_SCRIPT = ${JSON.stringify(script)};

/** Its source expression for \`script-src\` in a Content Security Policy. */
export const START_SCRIPT_HASH = 'sha256-${hash}';
`;
  return format(text, { ...(await resolveConfig(startScriptPath)), filepath: startScriptPath });
}
