import { START_SCRIPT, START_SCRIPT_HASH } from '@gatecast/contract';
import type { IndexHtmlTransformContext, Plugin, ResolvedConfig } from 'vite';

type Bundle = NonNullable<IndexHtmlTransformContext['bundle']>;

/** Source expression of the inline line for `script-src`. It is the same for every app, and changes only with the package. */
export const startScriptHash: string = START_SCRIPT_HASH;

const TAG = /<secure-player[\s/>]/i;

/** Modules that a player needs before its first frame, of the built packages and of their sources. */
const NEEDED = [
  /\/hls\.js\/dist\/hls\.light\.[^/]+$/,
  /\/player\/(?:dist|src\/engine\/hls)\/hls-engine\.[jt]s$/,
  /\/player\/(?:dist|src\/engine\/hls)\/hls-parts\.[jt]s$/,
  /\/player\/(?:dist|src\/loading)\/check-playlist\.[jt]s$/,
  /\/player\/(?:dist|src)\/define\.[jt]s$/,
];

/**
 * Puts the inline line at the end of the body of each page that has a `<secure-player>`. It sends the token request, connects
 * and asks for the engine's chunks before the app's code is there. A page whose app does not import the player stays as it is.
 *
 * @example
 * ```ts
 * import { startPlayers } from '@gatecast/player/vite';
 *
 * export default { plugins: [startPlayers()] };
 * ```
 */
export function startPlayers(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'gatecast:start-players',
    configResolved(resolved) {
      config = resolved;
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle, chunk }) {
        if (!TAG.test(html)) return;
        const parts = bundle
          ? neededFiles(bundle, chunk?.fileName).map((file) => addressOf(file, path, config))
          : // The dev server names modules when they are asked for. Its client is asked for by each page.
            [`${new URL(config.base, 'http://localhost').pathname}@vite/client`];
        if (parts.length === 0) {
          config.logger.warn(`${path} has <secure-player>, but its app does not import @gatecast/player.`);
          return;
        }
        // Vite adds the nonce of the app, if it has one.
        const attrs = { 'data-parts': parts.join(' ') };
        return [{ tag: 'script', attrs, children: START_SCRIPT, injectTo: 'body' }];
      },
    },
  };
}

/** The files with the needed modules and what these import, apart from those that the page asks for itself. */
function neededFiles(bundle: Bundle, entry = ''): string[] {
  const reached = withImports(bundle, [entry], true);
  const needed = reached.filter((file) => {
    const chunk = bundle[file];
    return chunk?.type === 'chunk' && chunk.moduleIds.some((id) => NEEDED.some((each) => each.test(id)));
  });
  const own = withImports(bundle, [entry], false);
  const parts = withImports(bundle, needed, false).filter((file) => !own.includes(file));
  // All in one chunk: the page asks for it already, and the line needs an address.
  return parts.length > 0 ? parts : needed.slice(0, 1);
}

/** Files of the bundle that these import, themselves included. */
function withImports(bundle: Bundle, files: readonly string[], withLazy: boolean): string[] {
  const found = new Set(files);
  // A set goes on with what is added during the loop.
  for (const file of found) {
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk') {
      found.delete(file);
      continue;
    }
    for (const each of chunk.imports) found.add(each);
    if (withLazy) for (const each of chunk.dynamicImports) found.add(each);
  }
  return [...found];
}

/** As Vite writes the address of a file into a page. */
function addressOf(file: string, page: string, { base, experimental }: ResolvedConfig): string {
  const depth = page.replace(/^\//, '').split('/').length - 1;
  const relative = `${'../'.repeat(depth) || './'}${file}`;
  const rendered = experimental.renderBuiltUrl?.(file, {
    type: 'asset',
    hostId: page.replace(/^\//, ''),
    hostType: 'html',
    ssr: false,
  });
  if (typeof rendered === 'string') return withoutSpaces(rendered);
  const isRelative = rendered?.relative ?? (base === '' || base === './');
  return withoutSpaces(isRelative ? relative : `${base}${file}`);
}

const withoutSpaces = (address: string): string => address.replace(/\s/g, encodeURIComponent);
