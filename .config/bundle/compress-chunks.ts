import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from 'terser';
import type { Plugin } from 'vite';

// Own: Vite runs terser on applications only, not on libraries, and the bundler's own minifier leaves about 2 % more in
// what loads before hls.js.

/**
 * The names under which a chunk exports to others, as terser's cache of names has them: by the name inside, after a `$`.
 * With one name for both, `export{ab as c}` becomes `export{c}`, which saves 140 bytes of gatecast.js.
 */
function shortExports(code: string): Record<string, string> {
  const [, list = ''] = /\bexport\{([^}]*)\}[^{}]*$/.exec(code) ?? [];
  // Longer names are for pages.
  const renamed = list.matchAll(/([\w$]+) as ([\w$]{1,2})(?![\w$])/g);
  return Object.fromEntries(
    Array.from(renamed, ([, inside, outside]) => [`$${String(inside)}`, outside ?? '']),
  );
}

/** Compresses our own chunks once more with terser, source maps included. */
export function compressChunks(): Plugin {
  return {
    name: 'gatecast-compress-chunks',
    async writeBundle({ dir = '' }, bundle) {
      for (const chunk of Object.values(bundle)) {
        // hls.js is most of the code and would take most of the time.
        if (chunk.type !== 'chunk' || /^hls(\.light)?$/.test(chunk.name)) continue;
        const path = join(dir, chunk.fileName);
        const bundled = readFileSync(path, 'utf8');
        const { code, map } = await minify(bundled, {
          module: true,
          ecma: 2022,
          nameCache: { vars: { props: shortExports(bundled) } },
          compress: {
            passes: 6,
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
