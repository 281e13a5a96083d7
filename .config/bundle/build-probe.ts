import { join } from 'node:path';
import { build } from 'vite';
import { sourceConditions } from './build-environments.js';
import { repositoryRoot } from './library-packages.js';

const entry = join(repositoryRoot, 'packages/qa/src/probe.ts');

/** Bundles the script of `@gatecast/qa` that runs the cases in a page. It contains all that it imports. */
export async function buildProbe(): Promise<string> {
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
