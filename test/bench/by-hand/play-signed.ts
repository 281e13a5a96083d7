import Hls, { type Loader, type LoaderCallbacks, type LoaderConfiguration, type LoaderContext } from 'hls.js';
import { type Endpoint, type FetchedItem, fetchItem, type Item } from './fetch-item.js';
import { keepItem } from './keep-item.js';
import { onWallClock } from './on-wall-clock.js';

export interface SignedPage extends Endpoint {
  /** Address of the first playlist. Only its origin gets tokens. */
  readonly src: string;
  /** For an endpoint of another form than that of the contract. */
  readonly fetchFresh?: (reason: string) => Promise<FetchedItem>;
}

type OnError = LoaderCallbacks<LoaderContext>['onError'];

/**
 * Plays a stream whose token goes on each request. `sign` opens a request with the item, and may set headers. Returns a function
 * that ends it all.
 */
export function playSigned(
  video: HTMLVideoElement,
  page: SignedPage,
  sign: (xhr: XMLHttpRequest, url: string, item: Item) => void,
): () => void {
  const kept = keepItem(page.fetchFresh ?? ((reason) => fetchItem(page, reason)));
  const isOurs = (url: string): boolean => new URL(url).origin === new URL(page.src).origin;

  /** Repeats a refused request once, with a new token, before hls.js sees the refusal. */
  class RepeatingLoader extends Hls.DefaultConfig.loader implements Loader<LoaderContext> {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      const repeat = (): void => {
        // hls.js has given the request up meanwhile.
        if (this.context !== context) return;
        // Otherwise the loader of hls.js says that it can be used once only.
        this.stats.loading.start = 0;
        super.load(context, config, callbacks);
      };
      const onError: OnError = (error, ...rest) => {
        const isRefused = error.code === 401 || error.code === 403;
        if (!isRefused || !isOurs(context.url)) callbacks.onError(error, ...rest);
        else kept.renew('rejected').then(repeat, () => callbacks.onError(error, ...rest));
      };
      super.load(context, config, { ...callbacks, onError });
    }
  }

  const hls = new Hls({
    loader: RepeatingLoader,
    xhrSetup: async (xhr, url) => {
      if (isOurs(url)) sign(xhr, url, await kept.current());
    },
  });
  hls.attachMedia(video);
  hls.loadSource(page.src);
  const stopClock = onWallClock(() => kept.check());
  return () => {
    stopClock();
    hls.destroy();
  };
}
