import Hls, { type HlsConfig } from 'hls.js';
import { type Endpoint, fetchItem, type Item } from './fetch-item.js';
import { onWallClock } from './on-wall-clock.js';

/** Time before the end of the addresses at which the page loads its source again. The time of the server is known to a second only. */
const LEAD_MS = 2000;
const RETRY_MS = 2000;

/**
 * Plays a stream in whose playlists the origin writes tokens. hls.js cannot exchange the addresses of a playlist, so the page
 * loads its source again before these end, at the same position. Returns a function that ends it all.
 *
 * @param entryOf - returns the signed address of the first playlist.
 * @param endOf - returns the end that an address carries, in seconds by the clock of the server.
 */
export function playReloading(
  video: HTMLVideoElement,
  endpoint: Endpoint,
  entryOf: (item: Item) => string,
  endOf: (address: string) => number,
  config?: Partial<HlsConfig>,
): () => void {
  const hls = new Hls(config);
  let serverOffsetMs = 0;
  let endsAtMs = Infinity;
  let retryAtMs = 0;

  async function load(reason: string): Promise<void> {
    if (Date.now() < retryAtMs) return;
    retryAtMs = Date.now() + RETRY_MS;
    const { item, endsAtMs: itemEndsAtMs } = await fetchItem(endpoint, reason);
    serverOffsetMs = itemEndsAtMs - item.expiresAt * 1000;
    if (hls.url) {
      video.autoplay = !video.paused;
      hls.config.startPosition = hls.latestLevelDetails?.live ? -1 : video.currentTime;
      const audio = hls.audioTracks[hls.audioTrack];
      if (audio) hls.config.audioPreference = audio;
    }
    endsAtMs = Infinity;
    hls.loadSource(entryOf(item));
  }

  // Otherwise tried again by the clock, which finds the same end.
  const reload = (reason: string): void => void load(reason).catch(() => undefined);
  const noteEnd = (_: string, { details }: { details: { fragments: { url: string }[] } }): void => {
    for (const { url } of details.fragments)
      endsAtMs = Math.min(endsAtMs, endOf(url) * 1000 + serverOffsetMs);
  };
  hls.on(Hls.Events.LEVEL_LOADED, noteEnd);
  hls.on(Hls.Events.AUDIO_TRACK_LOADED, noteEnd);
  hls.on(Hls.Events.ERROR, (_, { response }) => {
    if (response?.code === 401 || response?.code === 403) reload('rejected');
  });
  hls.attachMedia(video);
  reload('initial');
  const stopClock = onWallClock(() => {
    if (!hls.url || Date.now() > endsAtMs - LEAD_MS) reload('scheduled');
  });
  return () => {
    stopClock();
    hls.destroy();
  };
}
