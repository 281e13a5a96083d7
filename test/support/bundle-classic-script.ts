import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { sourceConditions } from '../../.config/bundle/build-environments.js';

/**
 * Bundles a module and its imports into one classic script, as vendors publish their clients.
 *
 * @param path - of the module, from the folder `test`
 */
export async function bundleClassicScript(path: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: sourceConditions },
    // Vite leaves it to the readers of a library. A page has no `process`.
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      reportCompressedSize: false,
      lib: {
        entry: fileURLToPath(new URL(`../${path}`, import.meta.url)),
        formats: ['iife'],
        name: 'vendor',
      },
    },
  });
  const chunks = [output].flat().flatMap((result) => ('output' in result ? result.output : []));
  return chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('\n');
}
