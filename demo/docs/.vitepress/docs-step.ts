import { join } from 'node:path';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import type { BuildStep } from '../../../.config/once.js';

// Apart from the build, so that a starting demo does not load VitePress.

/** Where the site is built to; the demo server serves it from there. */
export const builtDocsFolder = join(repositoryRoot, '.build/docs');

export const docsStep: BuildStep = {
  name: 'docs',
  inputs: ['demo/docs', 'packages', '.config', '.github', 'package-lock.json', 'tsconfig.json'],
  outputs: [builtDocsFolder],
};
