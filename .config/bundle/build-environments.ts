import { join } from 'node:path';
import type { EnvironmentOptions } from 'vite';
import { compressChunks } from './compress-chunks.js';
import { libraryPackages, repositoryRoot } from './library-packages.js';
import type { LibraryPackage } from './library-packages.js';

/** Where gatecast.js and its chunks are built to. */
export const gatecastFolder = join(repositoryRoot, '.build/gatecast');

/** Workspace packages are read from their sources, so that no build waits for another. */
export const sourceConditions = ['gatecast-source', 'module', 'browser', 'import', 'default'];

/** Helpers that the compiler puts into its output; a package does not declare them, so they go inside. */
const compilerHelpers = '@oxc-project/runtime/';

const isDependency = (id: string): boolean => !/^[./\0]/.test(id) && !id.startsWith(compilerHelpers);

/** Readable ESM: a file for each entry and each dynamic import, and every dependency left to the reader. */
function packageEnvironment({ folder, entries }: LibraryPackage): EnvironmentOptions {
  return {
    consumer: 'client',
    build: {
      outDir: join(folder, 'dist'),
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      sourcemap: true,
      copyPublicDir: false,
      reportCompressedSize: false,
      lib: { entry: { ...entries }, formats: ['es'] },
      rolldownOptions: {
        external: isDependency,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
        // 'use client' stays where it is: at the head of the entry (held by test/packages/react.test.ts).
        onLog: (level, log, tell) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
        },
      },
    },
  };
}

/** Libraries keep white space and annotations for the bundlers of their users; nobody bundles a script tag. */
export const scriptTagOutput = {
  minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } },
  comments: false,
};

const gatecastEntry = join(repositoryRoot, 'packages/script-tag/src/gatecast.ts');

/** The script-tag module: minified, with everything that can wait in chunks beside it. */
function gatecastEnvironment(): EnvironmentOptions {
  return {
    consumer: 'client',
    resolve: { conditions: sourceConditions },
    build: {
      outDir: gatecastFolder,
      // As a library, since Vite wraps every import() of an application in a helper that preloads CSS.
      lib: {
        entry: { gatecast: gatecastEntry },
        formats: ['es'],
      },
      emptyOutDir: true,
      target: 'es2022',
      sourcemap: true,
      copyPublicDir: false,
      reportCompressedSize: false,
      // hls.js's full build is what it is; test/tooling/build.test.ts holds the sizes that matter.
      chunkSizeWarningLimit: 700,
      license: { fileName: 'licenses.md' },
      manifest: 'manifest.json',
      rolldownOptions: {
        plugins: [compressChunks()],
        // Chunks may import gatecast.js itself: a shared chunk would cost the first start a round trip.
        preserveEntrySignatures: 'allow-extension',
        output: {
          ...scriptTagOutput,
          entryFileNames: '[name].js',
          chunkFileNames: 'gatecast-[name]-[hash].js',
          assetFileNames: '[name]-[hash][extname]',
          // The entry takes in all that it imports statically: a chunk of what it shares with lazy chunks would be
          // requested only when the entry has arrived, a round trip late.
          codeSplitting: { groups: [{ name: 'gatecast', test: (id) => id === gatecastEntry }] },
        },
      },
    },
  };
}

/** One Vite environment for each thing that `npm run build` makes. */
export function buildEnvironments(): Record<string, EnvironmentOptions> {
  const packages = libraryPackages().map((library) => [library.name, packageEnvironment(library)] as const);
  return { ...Object.fromEntries(packages), gatecast: gatecastEnvironment() };
}
