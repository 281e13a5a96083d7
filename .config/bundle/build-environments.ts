import { join } from 'node:path';
import { createBuilder } from 'vite';
import type { EnvironmentOptions } from 'vite';
import { compactStyleSheets } from './compact-styles.js';
import { compressChunks } from './compress-chunks.js';
import { trimReactiveElement } from './trim-reactive-element.js';
import { libraryPackages, repositoryRoot } from './library-packages.js';
import type { LibraryPackage } from './library-packages.js';

// Settings of Vite only; tsdown would replace them, but its supported line needs Node 22 and we support 20.19.

/** Where gatecast.js and its chunks are built to. */
export const gatecastFolder = join(repositoryRoot, '.build/gatecast');

/** Workspace packages are read from their sources, so that no build waits for another. */
export const sourceConditions = ['gatecast-source', 'module', 'browser', 'import', 'default'];

const common = {
  emptyOutDir: true,
  target: 'es2022',
  sourcemap: true,
  copyPublicDir: false,
  reportCompressedSize: false,
};

/** Helpers that the compiler puts into its output; no package declares them, so they become part of its code. */
const compilerHelpers = '@oxc-project/runtime/';

const isDependency = (id: string): boolean => !/^[./\0]/.test(id) && !id.startsWith(compilerHelpers);

/** Packages with a file for each module: a page that uses one component must not get the other one. */
const inModules = ['react'];

/** Readable ESM: a file for each entry and each dynamic import; dependencies stay imports. */
function packageEnvironment({ name, folder, entries }: LibraryPackage): EnvironmentOptions {
  return {
    consumer: 'client',
    build: {
      ...common,
      outDir: join(folder, 'dist'),
      minify: false,
      lib: { entry: { ...entries }, formats: ['es'] },
      rolldownOptions: {
        external: isDependency,
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          preserveModules: inModules.includes(name),
        },
        // 'use client' stays at the head of the entry.
        onLog: (level, log, tell) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
        },
      },
    },
  };
}

/** Vite keeps white space and annotations in libraries for the bundlers of their users; nobody bundles a script tag. */
export const scriptTagOutput = {
  minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } },
  comments: false,
};

const gatecastEntry = join(repositoryRoot, 'packages/script-tag/src/gatecast.ts');
/** A file of its own: no other page loads it. */
const analyticsEntry = join(repositoryRoot, 'packages/player/src/analytics.ts');
/** The same for pages that cast. */
const receiverEntry = join(repositoryRoot, 'packages/player/src/receiver.ts');

/** Script of the embed page, which also loads gatecast.js. */
const embedEntry = join(repositoryRoot, 'packages/script-tag/src/gatecast-embed.ts');
/** Loaded by pages without a player, so it is one file that shares nothing with gatecast.js. */
const embedHostEntry = join(repositoryRoot, 'packages/script-tag/src/gatecast-embed-host.ts');

/** The script-tag module: minified, with all that can wait in chunks beside it. */
function gatecastEnvironment(): EnvironmentOptions {
  return {
    consumer: 'client',
    resolve: { conditions: sourceConditions },
    build: {
      ...common,
      outDir: gatecastFolder,
      // As a library, since Vite wraps every import() of an application in a helper that preloads CSS.
      lib: {
        entry: {
          gatecast: gatecastEntry,
          'gatecast-analytics': analyticsEntry,
          'gatecast-receiver': receiverEntry,
          'gatecast-embed': embedEntry,
        },
        formats: ['es'],
      },
      // The full build of hls.js is larger than Vite's limit; test/tooling/build.test.ts holds the sizes that matter.
      chunkSizeWarningLimit: 700,
      license: { fileName: 'licenses.md' },
      manifest: 'manifest.json',
      rolldownOptions: {
        plugins: [compactStyleSheets(), trimReactiveElement(), compressChunks()],
        // Compression takes most of the time, which is not worth a warning on each build.
        checks: { bundlerTimings: false },
        // Chunks may import gatecast.js itself: a shared chunk would cost the first start a round trip.
        preserveEntrySignatures: 'allow-extension',
        output: {
          ...scriptTagOutput,
          entryFileNames: '[name].js',
          chunkFileNames: 'gatecast-[name]-[hash].js',
          // No compression shortens a hash: eight digits are 4 bytes, eight letters of base64 are 6.
          hashCharacters: 'hex',
          assetFileNames: '[name]-[hash][extname]',
          // The entry contains all that it imports statically: a browser would request a chunk shared with lazy chunks
          // only after the entry has arrived, a round trip late.
          // What the engine needs before the first frame is one chunk, so one request.
          codeSplitting: {
            groups: [
              { name: 'gatecast', test: (id) => id === gatecastEntry },
              { name: 'hls-parts', test: /\/hls\/hls-parts\.ts$|\/loading\/check-playlist\.ts$/ },
            ],
          },
        },
      },
    },
  };
}

/** The script for pages that have the embed page in an iframe, written beside gatecast.js. */
function embedHostEnvironment(): EnvironmentOptions {
  return {
    consumer: 'client',
    resolve: { conditions: sourceConditions },
    build: {
      ...common,
      emptyOutDir: false,
      outDir: gatecastFolder,
      lib: { entry: { 'gatecast-embed-host': embedHostEntry }, formats: ['es'] },
      rolldownOptions: {
        plugins: [compressChunks()],
        output: { ...scriptTagOutput, entryFileNames: '[name].js' },
      },
    },
  };
}

/** One Vite environment for each output of `npm run build`. */
export function buildEnvironments(): Record<string, EnvironmentOptions> {
  const packages = libraryPackages().map((library) => [library.name, packageEnvironment(library)] as const);
  return {
    ...Object.fromEntries(packages),
    gatecast: gatecastEnvironment(),
    gatecastEmbedHost: embedHostEnvironment(),
  };
}

/** Builds environments of vite.config.ts one after the other. @throws Error of Vite. */
export async function buildWithVite(
  names: readonly string[],
  overrides: Record<string, EnvironmentOptions> = {},
): Promise<void> {
  const builder = await createBuilder({
    root: repositoryRoot,
    configFile: join(repositoryRoot, 'vite.config.ts'),
    logLevel: 'warn',
    environments: overrides,
  });
  for (const name of names) {
    const environment = builder.environments[name];
    if (!environment) throw new Error(`vite.config.ts has no environment named ${name}.`);
    await builder.build(environment);
  }
}
