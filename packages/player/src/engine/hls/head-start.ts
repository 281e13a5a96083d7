import { knownBandwidthBps } from '../../loading/bandwidth-memory.js';
import { isTypeSupported } from '../../loading/capabilities.js';
import { EarlyRequests } from '../../loading/early-requests.js';
import { mediaCredentials } from '../../loading/media-credentials.js';
import { pickEntry, planStart, type StartPlan } from '../../loading/plan-start.js';
import type { Engine, EngineHost, EngineStart } from '../engine.js';
import type { HlsClass } from './build-choice.js';
import type { ComposedEntries } from './composed-entries.js';
import { optionsNeedFullBuild } from './full-build-options.js';
import type { HlsOptions, HlsStart } from './hls-options.js';

/** Loads tokens, playlists and the first segments while hls.js itself is loading. */
export class HeadStart implements EngineStart, HlsStart {
  readonly early: EarlyRequests;
  composed: ComposedEntries | null = null;
  offerAirPlay: HlsStart['offerAirPlay'] = null;
  checkPlaylist: HlsStart['checkPlaylist'] = null;
  readonly #host: EngineHost<HlsOptions>;
  #plan: Promise<StartPlan> | null = null;

  constructor(host: EngineHost<HlsOptions>) {
    this.#host = host;
    this.early = new EarlyRequests(host.authorizer, host.signal, () => mediaCredentials(host.output.video));
  }

  async load(): Promise<() => Engine> {
    // In parallel: the engine does not import the library, so neither waits for the other.
    const loadFull = async (): Promise<HlsClass> => (await import('hls.js')).default;
    const isFull = optionsNeedFullBuild(this.#host.options.hlsConfig);
    const [{ HlsEngine }, library, { BuildChoice }, { HlsFaults }, { checkPlaylist }, airPlay] =
      await Promise.all([
        import('./hls-engine.js'),
        isFull ? loadFull() : import('hls.js/light').then((light) => light.default),
        import('./build-choice.js'),
        import('./hls-faults.js'),
        import('../../loading/check-playlist.js'),
        // Few pages need it.
        'WebKitPlaybackTargetAvailabilityEvent' in globalThis && import('./offer-airplay.js'),
      ]);
    this.checkPlaylist = checkPlaylist;
    if (airPlay) this.offerAirPlay = airPlay.offerAirPlay;
    const builds = new BuildChoice(library, isFull ? null : loadFull);
    return () => new HlsEngine(this.#host, this, builds, HlsFaults);
  }

  prepare(isAgain = false): Promise<StartPlan> {
    if (isAgain) this.#plan = null;
    return (this.#plan ??= this.#prepare());
  }

  offerPlaylists(playlists: Readonly<Record<string, string>>): void {
    this.early.offerPlaylists(playlists, document.baseURI);
  }

  end(): void {
    this.early.clear();
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
    const { ComposedEntries } = await import('./composed-entries.js');
    return (this.composed = new ComposedEntries(options)).plan();
  }
}
