import { startedRequests } from '@gatecast/contract';
import { startTags } from './start/start-tags.js';
import { warmUpAudio } from './start/warm-up-audio.js';

/** As long as an element would take the response. */
const LIFE_MS = 10_000;

/**
 * Starts the players in the document while the code of the element is still loading: connections to the media origins,
 * token requests, and the code of hls.js. Importing this module calls it once; call it again for tags that come later.
 *
 * @example
 * ```ts
 * import '@gatecast/player/start';
 * import('@gatecast/player/define');
 * ```
 */
export function start(): void {
  const isWanted = startTags();
  // A response that no element takes has a token, which the page must not keep.
  AbortSignal.timeout(LIFE_MS).addEventListener('abort', () => startedRequests().splice(0));
  if (!isWanted || !('MediaSource' in globalThis || 'ManagedMediaSource' in globalThis)) return;
  const parts = [
    import('hls.js/light'),
    import('./engine/hls/hls-engine.js'),
    import('./engine/hls/hls-parts.js'),
    import('./loading/check-playlist.js'),
  ];
  // The engine loads what is missing again, and reports it.
  Promise.all<unknown>(parts).catch(() => undefined);
  warmUpAudio();
}

if (typeof document !== 'undefined') start();
