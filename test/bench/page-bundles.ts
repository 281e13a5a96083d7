import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { scriptTagOutput, sourceConditions } from '../../.config/bundle/build-environments.js';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';

/** Scripts of the bench's pages, each a module in `test/bench/pages`. */
export const pageScripts = [
  'hand-written',
  'hls-video',
  'mux-player',
  'mux-player-hook',
  'nano-reload',
  'nano-switch',
  'plain-reload',
  'shaka-player',
  'update-source',
  'video-js-10',
  'video-js-8',
  'vidstack',
] as const;
export type PageScript = (typeof pageScripts)[number];

/** Files of the page origin by path, compressed as by a CDN. */
export type Assets = ReadonlyMap<string, Buffer>;

export interface PageBundles {
  readonly assets: Assets;
  /** Inlined into every page, so that the measurement costs no request. */
  readonly probe: string;
  /** The line for pages with gatecast.js that starts players before it is there. */
  readonly startLine: string;
}

const folder = join(import.meta.dirname, 'pages');
const doubles = join(import.meta.dirname, '../doubles/nanoplayer');

/**
 * Bundles every library with the same bundler and the settings of gatecast.js.
 *
 * @param codeSplitting - false for one file with all that it may import later, which saves round trips.
 */
export async function bundleScript(
  entry: string,
  from = folder,
  codeSplitting = true,
): Promise<{ readonly path: string; readonly code: string }[]> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    root: from,
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: sourceConditions },
    build: {
      write: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: { entry: { [entry]: join(from, `${entry}.ts`) }, formats: ['es'] },
      rolldownOptions: {
        output: {
          ...scriptTagOutput,
          ...(!codeSplitting && { codeSplitting }),
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  });
  const results = Array.isArray(output) ? output : [output];
  return results
    .flatMap((result) => ('output' in result ? result.output : []))
    .flatMap((file) => (file.type === 'chunk' ? [{ path: `/${file.fileName}`, code: file.code }] : []));
}

/** Builds and compresses gatecast.js, and these modules of `test/bench/pages`. */
export async function buildAssets(scripts: readonly string[]): Promise<Map<string, Buffer>> {
  const assets = new Map<string, Buffer>();
  const gatecast = await buildGatecast();
  for (const file of readdirSync(gatecast.folder).filter((name) => name.endsWith('.js')))
    assets.set(`/${file}`, brotliCompressSync(readFileSync(join(gatecast.folder, file))));
  for (const script of scripts)
    for (const { path, code } of await bundleScript(script, folder, false))
      assets.set(path, brotliCompressSync(code));
  return assets;
}

/** Builds and compresses all scripts of the bench's pages. */
export async function buildPageBundles(): Promise<PageBundles> {
  const assets = await buildAssets(pageScripts);
  const gatecast = await buildGatecast();
  // Replaces the vendor's player, which is not freely available.
  for (const { path, code } of await bundleScript('nanoplayer-5', doubles))
    assets.set(path, brotliCompressSync(code));
  const [probe] = await bundleScript('playback-probe');
  if (!probe) throw new Error('The probe was not built.');
  return {
    assets,
    probe: probe.code,
    startLine: readFileSync(join(gatecast.folder, 'start.html'), 'utf8').trim(),
  };
}
