import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { consumerProjects, ownRange } from './support/consumer-project.js';
import type { ConsumerProject, ConsumerProjects } from './support/consumer-project.js';
import { frameworksPage } from './support/frameworks-page.js';
import { npm } from './support/pack-packages.js';
import {
  angular,
  astro,
  backend,
  dom,
  jsxTags,
  scriptTag,
  svelte,
  vue,
  wrappers,
} from './support/type-consumers.js';
import type { TypeConsumer } from './support/type-consumers.js';

const packed = [
  ...['adapters', 'contract', 'element', 'player', 'react'],
  ...['script-tag', 'server', 'token', 'webcaster', 'webrtc'],
].map((name) => `@gatecast/${name}`);
/** As demo/docs/quick-start/frameworks.md says. */
const lowestTypeScript = '5.7';
const angularRange = '~22.2.6';
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

/** What is used of `vue/compiler-sfc`. */
interface VueCompiler {
  readonly parse: (source: string, options: object) => { descriptor: object; errors: unknown[] };
  readonly compileScript: (descriptor: object, options: object) => { content: string };
}

/** What is used of `svelte/compiler`. */
interface SvelteCompiler {
  readonly compile: (source: string, options: object) => { warnings: unknown[] };
}

describe('the types of the tags, in a project that sees only the packed packages', () => {
  let projects: ConsumerProjects;
  let project: ConsumerProject;

  before(async () => {
    projects = await consumerProjects();
    project = projects.create('types', {
      packed,
      dependencies: {
        '@angular/compiler': angularRange,
        '@angular/compiler-cli': angularRange,
        '@angular/core': angularRange,
        '@types/react': ownRange('@types/react'),
        '@types/node': ownRange('@types/node'),
        'types-react-18': 'npm:@types/react@^18.3.0',
        'typescript-lowest': `npm:typescript@~${lowestTypeScript}.0`,
        react: ownRange('react'),
        rxjs: '^7.8.2',
        svelte: '^5.57.0',
        // Angular's compiler needs one in its own project.
        typescript: ownRange('typescript'),
        vue: '^3.5.45',
      },
      files: {},
    });
  });

  after(() => projects.remove());

  const installed = (path: string): string => join(project.folder, 'node_modules', path);
  const lowestCompiler = (): string => installed('typescript-lowest/bin/tsc');

  /** Returns the files with errors, once per error, and the compiler's output. */
  function compile(
    consumers: readonly TypeConsumer[],
    options: object = {},
    compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc'),
  ): { files: string[]; text: string } {
    const files = consumers.flatMap(({ name, right, wrong }) => [
      { file: `${name}-right.tsx`, text: right },
      { file: `${name}-wrong.tsx`, text: wrong },
    ]);
    for (const { file, text } of files) writeFileSync(join(project.folder, file), text);
    const config = {
      compilerOptions: { ...compilerOptions, ...options },
      angularCompilerOptions: { strictTemplates: true },
      files: files.map(({ file }) => file),
    };
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout, stderr } = spawnSync(process.execPath, [compiler, '--pretty', 'false'], {
      cwd: project.folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const text = stripVTControlCharacters(stdout + stderr);
    // TypeScript's and Angular's notation of a position.
    const errors = text.matchAll(/^([\w.-]+)(?:\(\d+,\d+\)|:\d+:\d+ -)?:? error/gm);
    return { files: [...errors].map(([, file]) => file ?? ''), text };
  }

  function assertFindsTheMistakes(
    consumers: readonly TypeConsumer[],
    options?: object,
    compiler?: string,
  ): void {
    const { files, text } = compile(consumers, options, compiler);
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

  it('compile with the lowest TypeScript of the documentation, declarations of libraries included', () => {
    assertFindsTheMistakes([jsxTags, wrappers, vue, svelte, dom], { skipLibCheck: false }, lowestCompiler());
    assertFindsTheMistakes([backend], { skipLibCheck: false, types: ['node'] }, lowestCompiler());
  });

  it('are one file for a page with the script tag', () => {
    assertFindsTheMistakes([scriptTag], { skipLibCheck: false }, lowestCompiler());
  });

  it('compile in Astro', () => {
    // Its types are one file, which needs none of its 250 packages.
    const [{ filename = '' } = {}] = Object.values(
      JSON.parse(npm(['pack', 'astro@^7.3.0', '--json'], project.folder)) as Record<
        string,
        { filename?: string }
      >,
    );
    const { status, stderr } = spawnSync('tar', ['-xzf', filename], {
      cwd: project.folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assertFindsTheMistakes([astro]);
  });

  it('compile the examples of the documentation', () => {
    assertFindsTheMistakes(['Live.tsx', 'Player.tsx', 'Tag.tsx', 'Status.tsx'].map(exampleOf));
  });

  it('compile in Angular, declarations of libraries included', () => {
    assertFindsTheMistakes(
      [angular, { ...exampleOf('player.ts'), wrong: 'export {};\n', mistakes: 0 }],
      { skipLibCheck: false },
      installed('@angular/compiler-cli/bundles/src/bin/ngc.js'),
    );
  });

  it('compile the examples of the documentation in Vue and Svelte', async () => {
    const { parse, compileScript } = await importFrom<VueCompiler>('vue/compiler-sfc/index.mjs');
    const templateParseOptions = { isCustomElement: (tag: string) => tag.startsWith('secure-') };
    for (const filename of ['Live.vue', 'Player.vue']) {
      const { descriptor, errors } = parse(frameworksPage(filename), { filename, templateParseOptions });
      assert.deepEqual(errors, []);
      const { content } = compileScript(descriptor, { id: 'live', inlineTemplate: true });
      assert.match(content, /"secure-player"/);
      assert.doesNotMatch(content, /resolveComponent/);
    }
    const { compile: compileSvelte } = await importFrom<SvelteCompiler>('svelte/src/compiler/index.js');
    for (const filename of ['Live.svelte', 'Player.svelte']) {
      const { warnings } = compileSvelte(frameworksPage(filename), { filename });
      assert.deepEqual(warnings, []);
    }
  });

  async function importFrom<Module>(path: string): Promise<Module> {
    return (await import(pathToFileURL(installed(path)).href)) as Module;
  }
});

/** An example of the documentation, beside a file with a mistake that shows that files are compiled. */
const exampleOf = (name: string): TypeConsumer => ({
  name: name.replace(/\.tsx?$/, ''),
  right: frameworksPage(name),
  wrong: 'export const mistake: number = "";\n',
  mistakes: 1,
});
