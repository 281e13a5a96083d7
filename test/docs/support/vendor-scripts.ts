import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { sourceConditions } from '../../../.config/bundle/build-environments.js';

/** A double of a vendor's client, as a classic script for a page. */
export async function bundleVendorScript(module: 'nanoplayer/nanoplayer-double' | 'rtc-user-script'): Promise<string> {
  const folder = module === 'rtc-user-script' ? './' : '../../doubles/';
  const output = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: sourceConditions },
    build: {
      write: false,
      minify: false,
      reportCompressedSize: false,
      lib: {
        entry: fileURLToPath(new URL(`${folder}${module}.ts`, import.meta.url)),
        formats: ['iife'],
        name: 'vendor',
      },
    },
  });
  const chunks = [output].flat().flatMap((result) => ('output' in result ? result.output : []));
  return chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('\n');
}
