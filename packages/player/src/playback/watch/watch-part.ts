import { lazyPart } from '@gatecast/token';
import type { WatchPlaybackOptions } from './watch-playback.js';

const watchPart = lazyPart('watchPlayback', async () => (await import('./watch-playback.js')).watchPlayback);

/** Watches playback after its first progress: the code does not delay the first frame. Only the signal ends the attempts to load it. */
export async function watchLater(options: WatchPlaybackOptions): Promise<void> {
  const { signal } = options.sampler;
  const watchPlayback = await watchPart({ signal, log: options.host.log }).catch(() => null);
  watchPlayback?.(options);
}
