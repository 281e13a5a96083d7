import type { TokenOptions } from '@gatecast/adapters';
import { withTokens as dashTokens } from '@gatecast/adapters/dash.js';
import { withTokens as hlsTokens } from '@gatecast/adapters/hls.js';
import { withTokens as shakaTokens } from '@gatecast/adapters/shaka-player';
import { withTokens as videoJsTokens } from '@gatecast/adapters/video.js';
import { MediaPlayer } from 'dashjs';
import Hls from 'hls.js';
import HlsVideoElement from 'hls-video-element';
import shaka from 'shaka-player';
import { isHLSProvider } from 'vidstack';
import 'vidstack/player';
import videojs from 'video.js';
import { until } from '../../support/wait.js';

/** A player of the npm registry, in the page. */
export interface RealPlayer {
  readonly name: string;
  readonly video: HTMLVideoElement;
  /** What the player reported as failed, with the status where it says one. */
  readonly failures: readonly string[];
  /** What the player keeps and has told the page: itself, its metrics, the data of its events. */
  readonly kept: () => readonly unknown[];
  end(): Promise<void>;
}

interface Started {
  /** Where the player plays, if that is not the element that it was given. */
  readonly video?: () => HTMLVideoElement | null;
  readonly keeps: () => readonly unknown[];
  readonly end: () => unknown;
}

type Report = (text: string, data: unknown) => void;

type Start = (
  video: HTMLVideoElement,
  source: string,
  options: TokenOptions | null,
  report: Report,
) => Started | Promise<Started>;

function reportHls(hls: Hls, report: Report): void {
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (data.response) report(`${data.details} ${String(data.response.code)}`, data);
  });
}

function startHls(
  video: HTMLVideoElement,
  source: string,
  options: TokenOptions | null,
  report: Report,
): Started {
  const hls = new Hls();
  if (options) hlsTokens(hls, options);
  reportHls(hls, report);
  hls.attachMedia(video);
  hls.loadSource(source);
  return {
    keeps: () => [hls],
    end: () => {
      hls.destroy();
    },
  };
}

async function startHlsVideo(
  video: HTMLVideoElement,
  source: string,
  options: TokenOptions | null,
  report: Report,
): Promise<Started> {
  const element = document.createElement('hls-video');
  if (!(element instanceof HlsVideoElement)) throw new TypeError('<hls-video> is not defined.');
  const life = new AbortController();
  if (options) element.config = hlsTokens({}, { ...options, signal: life.signal });
  element.muted = true;
  element.autoplay = true;
  video.replaceWith(element);
  element.src = source;
  await until(() => element.api !== null, 'hls-video to create hls.js');
  if (element.api) reportHls(element.api, report);
  return {
    video: () => element.nativeEl,
    keeps: () => [element.api],
    end: () => {
      life.abort();
      element.remove();
      element.src = '';
    },
  };
}

function startVidstack(
  video: HTMLVideoElement,
  source: string,
  options: TokenOptions | null,
  report: Report,
): Started {
  const player = document.createElement('media-player');
  const life = new AbortController();
  const created: Hls[] = [];
  player.append(document.createElement('media-provider'));
  player.load = 'eager';
  player.muted = true;
  player.autoPlay = true;
  player.addEventListener('provider-change', ({ detail: provider }) => {
    if (!isHLSProvider(provider)) return;
    provider.library = Hls;
    if (options) provider.config = hlsTokens({}, { ...options, signal: life.signal });
    provider.onInstance((hls) => {
      created.push(hls);
      reportHls(hls, report);
    });
  });
  video.replaceWith(player);
  player.src = { src: source, type: 'application/x-mpegurl' };
  return {
    video: () => player.querySelector('video'),
    keeps: () => created,
    end: () => {
      life.abort();
      player.destroy();
      player.remove();
    },
  };
}

/** The part of VHS that shows what Video.js gets. */
interface VhsTech {
  readonly vhs?: {
    readonly xhr: {
      onResponse(hook: (request: unknown, error: unknown, response: { statusCode?: number }) => void): void;
    };
  };
}

function startVideoJs(
  video: HTMLVideoElement,
  source: string,
  options: TokenOptions | null,
  report: Report,
): Started {
  const player = videojs(video, { autoplay: true, muted: true, html5: { vhs: { overrideNative: true } } });
  if (options) videoJsTokens(player, options);
  const vhs = (): VhsTech['vhs'] => (player.tech(true) as VhsTech | undefined)?.vhs;
  player.on('xhr-hooks-ready', () => {
    vhs()?.xhr.onResponse((request, error, response) => {
      const { statusCode = 0 } = response;
      if (statusCode >= 400) report(`response ${String(statusCode)}`, [request, error, response]);
    });
  });
  player.on('error', () => {
    report(`error ${String(player.error()?.code)}`, player.error());
  });
  player.src({ src: source, type: 'application/x-mpegURL' });
  return {
    video: () => player.el().querySelector('video'),
    keeps: () => [player, vhs()],
    end: () => {
      player.dispose();
    },
  };
}

async function startShaka(
  video: HTMLVideoElement,
  source: string,
  options: TokenOptions | null,
  report: Report,
): Promise<Started> {
  const player = new shaka.Player();
  await player.attach(video);
  const tokens = options && shakaTokens(player, { ...options, shaka });
  player.addEventListener('downloadfailed', (event) => {
    const { httpResponseCode } = event as Event & { httpResponseCode?: number };
    report(`download ${String(httpResponseCode)}`, event);
  });
  await player.load(source);
  return {
    keeps: () => [player, player.getStats(), player.getVariantTracks()],
    end: async () => {
      await player.destroy();
      tokens?.release();
    },
  };
}

function startDash(
  video: HTMLVideoElement,
  source: string,
  options: TokenOptions | null,
  report: Report,
): Started {
  const player = MediaPlayer().create();
  const tokens = options && dashTokens(player, options);
  player.on('error', ({ error }: { error?: unknown }) => {
    const { code, data } = (error ?? {}) as { code?: unknown; data?: { response?: { status?: number } } };
    report(`error ${String(code)} ${String(data?.response?.status)}`, error);
  });
  const settings = player.getSettings();
  // dash.js reports an error after its repeats, a second apart.
  settings.streaming = { ...settings.streaming, retryAttempts: { MediaSegment: 1 } };
  player.updateSettings(settings);
  player.initialize(video, source, true);
  return {
    keeps: () => {
      const metrics = player.getDashMetrics();
      return [player, player.getSource(), metrics.getHttpRequests('video'), metrics.getHttpRequests('audio')];
    },
    end: () => {
      player.destroy();
      tokens?.release();
    },
  };
}

const starts: Readonly<Record<string, { readonly extension: 'm3u8' | 'mpd'; readonly start: Start }>> = {
  'hls.js': { extension: 'm3u8', start: startHls },
  'hls-video-element': { extension: 'm3u8', start: startHlsVideo },
  vidstack: { extension: 'm3u8', start: startVidstack },
  'Video.js': { extension: 'm3u8', start: startVideoJs },
  'Shaka Player': { extension: 'mpd', start: startShaka },
  'dash.js': { extension: 'mpd', start: startDash },
};

/** Those that play side by side for long. vidstack drives hls.js as `hls-video-element` does. */
export const playerNames: readonly string[] = Object.keys(starts).filter((name) => name !== 'vidstack');

/**
 * Starts one player; it plays when the promise resolves.
 * @param source - address without the extension of its manifest.
 * @param options - `null`: without tokens of its own.
 */
export async function startPlayer(
  name: string,
  source: string,
  options: TokenOptions | null,
): Promise<RealPlayer> {
  const { extension, start } = starts[name] ?? {};
  if (!start) throw new RangeError(`No player ${name}.`);
  const given = document.createElement('video');
  given.muted = true;
  // Not later: VHS loads nothing of a live stream before it plays.
  given.autoplay = true;
  given.width = 160;
  document.body.append(given);
  const failures: string[] = [];
  const told: unknown[] = [];
  const started = await start(given, `${source}.${String(extension)}`, options, (text, data) => {
    failures.push(text);
    told.push(data);
  });
  const video = (): HTMLVideoElement => started.video?.() ?? given;
  await until(() => video().currentTime > 0 && !video().paused, `${name} to play`, LIMIT_MS);
  return {
    name,
    get video() {
      return video();
    },
    failures,
    kept: () => [...started.keeps(), told],
    end: async () => {
      await started.end();
      given.remove();
    },
  };
}

const LIMIT_MS = 15_000;
