import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { consumerProjects, ownRange } from './support/consumer-project.js';
import type { ConsumerProject, ConsumerProjects } from './support/consumer-project.js';
import { dom, jsxTags, svelte, vue, wrappers } from './support/type-consumers.js';
import type { TypeConsumer } from './support/type-consumers.js';

const packed = ['contract', 'element', 'player', 'react', 'token', 'webcaster'].map(
  (name) => `@gatecast/${name}`,
);
const react18 = ['./node_modules/types-react-18'];

const compilerOptions = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  // Each version of hls.js has its own declarations for types that TypeScript's library lacks.
  skipLibCheck: true,
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'react-jsx',
  lib: ['es2023', 'dom', 'dom.iterable'],
  types: [],
};

describe('the types of the tags, in a project that sees only the packed packages', () => {
  let projects: ConsumerProjects;
  let project: ConsumerProject;

  before(async () => {
    projects = await consumerProjects();
    project = projects.create('types', {
      packed,
      dependencies: {
        '@types/react': ownRange('@types/react'),
        'types-react-18': 'npm:@types/react@^18.3.0',
        react: ownRange('react'),
        svelte: '^5.57.0',
        vue: '^3.5.45',
      },
      files: {},
    });
  });

  after(() => projects.remove());

  /** Returns the files with errors, once per error, and the compiler's output. */
  function compile(
    consumers: readonly TypeConsumer[],
    options: object = {},
  ): { files: string[]; text: string } {
    const files = consumers.flatMap(({ name, right, wrong }) => [
      { file: `${name}-right.tsx`, text: right },
      { file: `${name}-wrong.tsx`, text: wrong },
    ]);
    for (const { file, text } of files) writeFileSync(join(project.folder, file), text);
    const config = {
      compilerOptions: { ...compilerOptions, ...options },
      files: files.map(({ file }) => file),
    };
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false'], {
      cwd: project.folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const errors = stdout.matchAll(/^([\w.-]+)\(\d+,\d+\): error/gm);
    return { files: [...errors].map(([, file]) => file ?? ''), text: stdout };
  }

  function assertFindsTheMistakes(consumers: readonly TypeConsumer[], options?: object): void {
    const { files, text } = compile(consumers, options);
    const expected = consumers.flatMap(({ name, mistakes }) =>
      Array<string>(mistakes).fill(`${name}-wrong.tsx`),
    );
    assert.deepEqual(files.sort(), expected.sort(), text);
  }

  it('compile in React 19, Vue, Svelte and the DOM', () => {
    assertFindsTheMistakes([jsxTags, wrappers, vue, svelte, dom]);
  });

  it('compile in React 18', () => {
    const paths = {
      react: react18,
      'react/jsx-runtime': ['./node_modules/types-react-18/jsx-runtime'],
    };
    assertFindsTheMistakes([jsxTags, wrappers], { paths });
  });
});
