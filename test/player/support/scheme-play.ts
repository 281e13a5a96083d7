import '@gatecast/player/define';
import type { SecurePlayer } from '@gatecast/player';
import Hls, { type HlsConfig } from 'hls.js';
import type { SchemeCount } from '../../../demo/backend/schemes/scheme-counts.js';
import type { SchemeDescription } from '../../../demo/backend/schemes/describe-scheme.js';
import { hlsUseOf } from './hls-instances.js';

export type { SchemeCount, SchemeDescription };

/** A pause of the media clock of more than this, in milliseconds, is a stall. Shorter ones are not visible. */
const UNSEEN_MS = 150;
const STEP_MS = 20;

/** Figures of one player, since its first frame. */
export interface PlayFigures {
  /** Total time in which the media clock stood still, and the longest, in milliseconds. */
  readonly stalledMs: number;
  readonly longestMs: number;
  /** Sources that were loaded after the first one. */
  readonly reloads: number;
  /** Errors that hls.js reported. */
  readonly errors: readonly string[];
  /** Events of failed tokens and fatal errors. */
  readonly failures: readonly string[];
}

/** Playback that is measured: a player with a scheme, or the control. */
export interface Play {
  readonly media: HTMLVideoElement | SecurePlayer;
  /** Starts to measure. */
  begin(): void;
  figures(): PlayFigures;
  /** Switches to the next rendition and the next audio rendition. */
  switchOn(): void;
  remove(): void;
}

/** The schemes of a backend. */
export async function schemesOf(origin: string): Promise<readonly SchemeDescription[]> {
  const { schemes } = (await (await fetch(`${origin}/api/schemes`)).json()) as {
    schemes: readonly SchemeDescription[];
  };
  return schemes;
}

/** The counts of a backend. */
export async function schemeCounts(origin: string): Promise<readonly SchemeCount[]> {
  const { counts } = (await (await fetch(`${origin}/api/schemes/counts`)).json()) as {
    counts: readonly SchemeCount[];
  };
  return counts;
}

export interface SchemePlayOptions {
  readonly stream: string;
  readonly ttlSeconds: number;
  /** Does the token response contain the first playlists? @defaultValue false */
  readonly isBootstrapping?: boolean;
  /** More options of hls.js. */
  readonly config?: Partial<HlsConfig>;
}

/** Plays a stream with a scheme. The player is small, so that the renditions are too. */
export function playScheme(
  origin: string,
  { src, tokenUrl, attributes }: SchemeDescription,
  { stream, ttlSeconds, isBootstrapping = false, config }: SchemePlayOptions,
): Play {
  const player = document.createElement('secure-player');
  const failures: string[] = [];
  for (const type of ['secure-token-failed', 'secure-error'] as const)
    player.addEventListener(type, ({ error }) => failures.push(`${type} ${error.code}`));
  const all: Record<string, string> = {
    ...(src !== null && { src: origin + src.replace('{stream}', stream) }),
    'token-url': `${origin}${tokenUrl}?ttl=${ttlSeconds}${isBootstrapping ? '&bootstrap' : ''}`,
    ...{ stream, muted: '', autoplay: '' },
    ...attributes,
  };
  for (const [name, value] of Object.entries(all)) player.setAttribute(name, value);
  player.style.width = '160px';
  player.hlsConfig = { capLevelToPlayerSize: true, ...config };
  document.body.append(player);
  return measured(player, failures, () => {
    player.remove();
  });
}

/** Plays the same stream with bare hls.js at the origin without tokens. @param config - more options of hls.js */
export function playControl(origin: string, stream: string, config: Partial<HlsConfig> = {}): Play {
  const video = document.createElement('video');
  const hls = new Hls({ capLevelToPlayerSize: true, ...config });
  video.muted = true;
  video.autoplay = true;
  video.style.width = '160px';
  document.body.append(video);
  hls.attachMedia(video);
  hls.loadSource(`${origin}/cdn/open/${stream}/index.m3u8`);
  return measured(video, [], () => {
    hls.destroy();
    video.remove();
  });
}

/** Measures a player or a video that hls.js plays. `failures` are those that the page has seen. */
export function measured(
  media: HTMLVideoElement | SecurePlayer,
  failures: readonly string[],
  remove: () => void,
): Play {
  const use = hlsUseOf(media);
  let timer: ReturnType<typeof setInterval> | undefined;
  let [stalledMs, longestMs, movedAtMs, time, switches] = [0, 0, 0, 0, 0];
  let emptied = 0;
  media.addEventListener('emptied', () => (emptied += timer === undefined ? 0 : 1));
  const close = (): void => {
    const gapMs = performance.now() - movedAtMs;
    if (gapMs > UNSEEN_MS) stalledMs += gapMs;
    longestMs = Math.max(longestMs, gapMs);
  };
  const look = (): void => {
    if (media.currentTime === time) return;
    close();
    movedAtMs = performance.now();
    time = media.currentTime;
  };
  return {
    media,
    begin() {
      movedAtMs = performance.now();
      time = media.currentTime;
      timer = setInterval(look, STEP_MS);
    },
    figures() {
      clearInterval(timer);
      close();
      return {
        stalledMs: Math.round(stalledMs),
        longestMs: Math.round(longestMs),
        reloads: Math.max(0, use.sources - 1, emptied),
        errors: use.errors,
        failures,
      };
    },
    switchOn() {
      const { hls } = use;
      // Nothing to choose from while a page loads its source again.
      if (!hls || hls.levels.length === 0 || hls.audioTracks.length === 0) return;
      switches += 1;
      // What a page calls: renditions by the element, audio by hls.js, for which the element has no member.
      if ('switchEntry' in media) media.switchEntry(switches % media.entries.length);
      else hls.nextLevel = switches % hls.levels.length;
      hls.audioTrack = switches % hls.audioTracks.length;
    },
    remove() {
      clearInterval(timer);
      remove();
    },
  };
}
