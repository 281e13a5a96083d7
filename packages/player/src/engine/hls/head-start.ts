import { lazyPart, requestMedia, type AnsweredMedia, type EditPlaylist } from '@gatecast/token';
import { knownBandwidthBps } from '../../loading/bandwidth-memory.js';
import { isTypeSupported } from '../../loading/capabilities.js';
import { checkPlaylistPart } from '../../loading/check-playlist-part.js';
import { EarlyRequests } from '../../loading/early-requests.js';
import { mediaCredentials } from '../../loading/media-credentials.js';
import { pickEntry, planStart, type FirstSegments, type StartPlan } from '../../loading/plan-start.js';
import type { Engine, EngineHost, EngineStart } from '../engine.js';
import { partRequest } from '../engine-part.js';
import { EarlyBuffer } from './early-buffer.js';
import type { ComposedEntries } from './composed-entries.js';
import { optionsNeedFullBuild } from './full-build-options.js';
import type { HlsOptions, HlsStart } from './hls-options.js';
import type { PageRequests } from './page-requests.js';

const enginePart = lazyPart('HlsEngine', async () => (await import('./hls-engine.js')).HlsEngine);
const lightPart = lazyPart('hls.js/light', async () => (await import('hls.js/light')).default);
const fullPart = lazyPart('hls.js', async () => (await import('hls.js')).default);
const hlsPart = lazyPart('hlsParts', async () => (await import('./hls-parts.js')).hlsParts);
const composePart = lazyPart(
  'ComposedEntries',
  async () => (await import('./composed-entries.js')).ComposedEntries,
);
const pagePart = lazyPart('pageRequests', async () => (await import('./page-requests.js')).pageRequests);
const airPlayPart = lazyPart('offerAirPlay', async () => (await import('./offer-airplay.js')).offerAirPlay);

/** Video elements in which a source was loaded. Firefox forgets `currentSrc` with the source. */
const used = new WeakSet<HTMLVideoElement>();

/** Loads tokens, playlists and the first segments while hls.js itself is loading. */
export class HeadStart implements EngineStart, HlsStart {
  readonly early: EarlyRequests;
  composed: ComposedEntries | null = null;
  offerAirPlay: HlsStart['offerAirPlay'] = null;
  checkPlaylist: HlsStart['checkPlaylist'] = null;
  plainAddresses: HlsStart['plainAddresses'] = null;
  readonly #host: EngineHost<HlsOptions>;
  /** Few pages have options. For others, the code that uses them is not loaded. */
  readonly #hasConfig: boolean;
  #configOf: PageRequests['configOf'] | null = null;
  #plan: Promise<StartPlan> | null = null;
  #buffer: EarlyBuffer | null = null;

  constructor(host: EngineHost<HlsOptions>) {
    this.#host = host;
    const { authorizer, signal, options, output, startAt } = host;
    this.#hasConfig = (options.cmcd ?? options.drm) !== null || Object.keys(options.hlsConfig).length > 0;
    const sendAsPage: typeof requestMedia = async (...request) =>
      (await pagePart(partRequest(host))).sendAsPage(host, ...request);
    const send = this.#hasConfig ? sendAsPage : requestMedia;
    const sendToStart: typeof requestMedia = async (...request) => {
      const [response, edit] = await Promise.all([send(...request), startAt]);
      const { data } = response;
      return edit && typeof data === 'string' ? { ...response, data: edit(data) } : response;
    };
    const transport = startAt ? sendToStart : send;
    this.early = new EarlyRequests(authorizer, signal, () => mediaCredentials(output.video), transport);
  }

  async load(): Promise<() => Engine> {
    this.#openBuffer();
    // In parallel: the engine does not import the library, so neither waits for the other.
    const request = partRequest(this.#host);
    const loadFull = () => fullPart(request);
    const { hlsConfig, cmcd, drm } = this.#host.options;
    const isFull = cmcd !== null || optionsNeedFullBuild({ drm, ...hlsConfig });
    const [HlsEngine, library, parts, checkPlaylist, page, offerAirPlay] = await Promise.all([
      enginePart(request),
      isFull ? loadFull() : lightPart(request),
      hlsPart(request),
      checkPlaylistPart(request),
      this.#hasConfig && pagePart(request),
      // Few pages need it.
      'WebKitPlaybackTargetAvailabilityEvent' in globalThis && airPlayPart(request),
    ]);
    if (page) {
      this.#configOf = page.configOf;
      page.checkHlsConfig(this.config, { ...library.DefaultConfig });
      this.plainAddresses = page.plainAddresses(this.#host);
    }
    this.checkPlaylist = checkPlaylist;
    if (offerAirPlay) this.offerAirPlay = offerAirPlay;
    await this.#buffer?.picture();
    const builds = new parts.BuildChoice(library, isFull ? null : loadFull);
    return () => new HlsEngine(this.#host, this, builds, parts);
  }

  get config(): HlsStart['config'] {
    return this.#configOf?.(this.#host) ?? {};
  }

  takeBuffer(): EarlyBuffer | null {
    const buffer = this.#buffer;
    this.#buffer = null;
    return buffer;
  }

  prepare(isAgain = false): Promise<StartPlan> {
    if (isAgain) this.#plan = null;
    return (this.#plan ??= this.#prepare());
  }

  offerPlaylists(playlists: Readonly<Record<string, string>>, media: readonly AnsweredMedia[]): void {
    const { startAt } = this.#host;
    // Before the playlists, whose segments are requested at once.
    this.early.offerMedia(media, document.baseURI);
    const offer = (edit?: EditPlaylist): void => this.early.offerPlaylists(playlists, document.baseURI, edit);
    if (startAt) void startAt.then(offer);
    else offer();
  }

  end(): void {
    this.early.clear();
  }

  /** Only for a new video element: in another one, a source plays or has left its position. */
  #openBuffer(): void {
    const { output, signal } = this.#host;
    const { video } = output;
    const isNew = !used.has(video) && !video.currentSrc && !video.hasAttribute('src') && !video.srcObject;
    used.add(video);
    if (isNew && !this.#hasConfig && canOpenEarly())
      this.#buffer = new EarlyBuffer(video, this.#findFirst(), this.early, signal);
  }

  async #findFirst(): Promise<FirstSegments | null> {
    // The engine reports a failure.
    const plan = await this.prepare().catch(() => null);
    const first = (await plan?.first) ?? null;
    if (!first || !this.#buffer) return null;
    this.early.pin(first.playlistUrl);
    return first;
  }

  async #prepare(): Promise<StartPlan> {
    const { source } = this.#host;
    const options = {
      source,
      early: this.early,
      bandwidthBps: knownBandwidthBps(),
      isSupported: isTypeSupported,
    };
    if (source.entries.length === 1) return planStart(options);
    const { url, stream } = pickEntry(options);
    // Its request begins before the code is here that composes a playlist of several entries. A failure is reported later.
    this.early.playlist(url, stream).catch(() => undefined);
    const ComposedEntries = await composePart(partRequest(this.#host));
    return (this.composed = new ComposedEntries(options)).plan();
  }
}

/** With a managed media source, the browser says when it wants media. */
function canOpenEarly(): boolean {
  return 'MediaSource' in globalThis && !('ManagedMediaSource' in globalThis);
}
