import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';
import type { Plugin } from 'vite';

// Own: Vite runs terser on applications only, not on libraries, and the bundler's own minifier leaves about 2 % more in
// what loads before hls.js.

/** Compresses our own chunks once more with terser, source maps included. */
export function compressChunks(): Plugin {
  return {
    name: 'gatecast-compress-chunks',
    async writeBundle({ dir = '' }, bundle) {
      for (const chunk of Object.values(bundle)) {
        // hls.js is most of the code and would take most of the time.
        if (chunk.type !== 'chunk' || /^hls(\.light)?$/.test(chunk.name)) continue;
        const path = join(dir, chunk.fileName);
        const { code, map } = await minify(readFileSync(path, 'utf8'), {
          module: true,
          ecma: 2022,
          compress: {
            passes: 3,
            hoist_funs: true,
            lhs_constants: false,
            pure_getters: true,
            keep_fargs: false,
            unsafe_arrows: true,
            unsafe_methods: true,
          },
          sourceMap: { content: readFileSync(`${path}.map`, 'utf8'), url: `${chunk.fileName}.map` },
        });
        if (code === undefined || typeof map !== 'string')
          throw new Error(`terser returned no code for ${path}.`);
        writeFileSync(path, code);
        writeFileSync(`${path}.map`, map);
      }
    },
  };
}
