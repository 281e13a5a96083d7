import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { sourceConditions } from '../../.config/bundle/build-environments.js';

const entry = fileURLToPath(new URL('../../demo/lab/qa-probe.ts', import.meta.url));

/** Bundles the script that runs the cases in a page. It needs only the tags. */
export async function bundleProbe(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: sourceConditions },
    build: {
      write: false,
      minify: false,
      lib: { entry, name: 'gatecastQaProbe', formats: ['iife'] },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!('output' in output)) throw new Error('The probe was not built.');
  return output.output[0].code;
}
