import type { FragmentLoaderContext, HlsConfig, Loader, LoaderContext, PlaylistLoaderContext } from 'hls.js';
import type { HlsLoaderClass } from './hls-loader.js';

type LoadOptions<Context extends LoaderContext> = Parameters<Loader<Context>['load']>;

/** The address of a request as the playlist has it, by the context of the request. */
const plain = new WeakMap<object, string>();
/** What hls.js adds to its query, such as `CMCD=bl%3D2000`. */
const added = new WeakMap<object, string>();

/**
 * Keeps addresses as the playlists have them. For CMCD in the query (CTA-5004), hls.js adds data to each address, and writes the
 * rest of the query in another way: `~` becomes `%7E`. A signature then does not fit any more, and what is stored by the address is
 * not found. With this, the loader gets the address as it was, and {@link withAddedData} is for the request that is sent.
 *
 * @param config - of an instance of hls.js, with the loaders that add the data.
 */
function keep(config: Pick<HlsConfig, 'pLoader' | 'fLoader'>): void {
  const { pLoader, fLoader } = config;
  if (pLoader)
    config.pLoader = class extends pLoader {
      override load(...options: LoadOptions<PlaylistLoaderContext>): void {
        plain.set(options[0], options[0].url);
        super.load(...options);
      }
    };
  if (fLoader)
    config.fLoader = class extends fLoader {
      override load(...options: LoadOptions<FragmentLoaderContext>): void {
        plain.set(options[0], options[0].url);
        super.load(...options);
      }
    };
}

/** The loader that sends the requests, for which {@link keep} has kept the addresses. */
function restore(Base: HlsLoaderClass): HlsLoaderClass {
  return class extends Base {
    override load(...options: LoadOptions<LoaderContext>): void {
      const [context] = options;
      const url = plain.get(context);
      const data = /[?&](CMCD=[^&#]*)/.exec(context.url)?.[1];
      if (url !== undefined && data !== undefined) {
        added.set(context, data);
        context.url = url;
      }
      super.load(...options);
    }
  };
}

/** What the engine does with the addresses of hls.js when the page has options. */
export const plainAddresses = { keep, restore };

export type PlainAddresses = typeof plainAddresses;

/**
 * The address for a request that is sent: the rest of it stays byte for byte the same.
 *
 * @param context - of hls.js; `undefined` for a request that is sent before hls.js is there.
 */
export function withAddedData(url: string, context: unknown): string {
  const data = typeof context === 'object' && context !== null ? added.get(context) : undefined;
  if (data === undefined) return url;
  const [address = ''] = url.split('#');
  return `${address}${address.includes('?') ? '&' : '?'}${data}`;
}
