import { join } from 'node:path';
import { build } from 'vite';
import { scriptTagOutput, sourceConditions } from './build-environments.js';
import { repositoryRoot } from './library-packages.js';

const entry = join(repositoryRoot, 'packages/player/src/media-worker.ts');

/** Bundles the service worker that pages host: one classic script, which `importScripts` can load, too. */
export async function buildMediaWorker(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: sourceConditions },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, name: 'gatecastMediaWorker', formats: ['iife'] },
      rolldownOptions: { output: scriptTagOutput },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!('output' in output)) throw new Error('The service worker was not built.');
  return output.output[0].code;
}
