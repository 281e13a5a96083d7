import { knownBandwidthBps } from '../../loading/bandwidth-memory.js';
import { isTypeSupported } from '../../loading/capabilities.js';
import { EarlyRequests } from '../../loading/early-requests.js';
import { mediaCredentials } from '../../loading/media-credentials.js';
import { planStart, type StartPlan } from '../../loading/plan-start.js';
import type { Engine, EngineHost, EngineStart } from '../engine.js';
import type { HlsOptions, HlsStart } from './hls-options.js';

/** Loads tokens, playlists and the first segments while hls.js itself is loading. */
export class HeadStart implements EngineStart, HlsStart {
  readonly early: EarlyRequests;
  composed: string | null = null;
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
    const { entries } = this.#host.source;
    const [{ HlsEngine }, light, { HlsFaults }, { checkPlaylist }, compose, airPlay] = await Promise.all([
      import('./hls-engine.js'),
      import('hls.js/light'),
      import('./hls-faults.js'),
      import('../../loading/check-playlist.js'),
      // Few pages need these two.
      entries.length > 1 && import('./compose-multivariant.js'),
      'WebKitPlaybackTargetAvailabilityEvent' in globalThis && import('./offer-airplay.js'),
    ]);
    this.checkPlaylist = checkPlaylist;
    if (airPlay) this.offerAirPlay = airPlay.offerAirPlay;
    if (compose) this.composed = compose.composeMultivariant(entries);
    const loadFull = async () => (await import('hls.js')).default;
    return () => new HlsEngine(this.#host, this, light.default, loadFull, HlsFaults);
  }

  prepare(isAgain = false): Promise<StartPlan> {
    if (isAgain) this.#plan = null;
    return (this.#plan ??= planStart({
      source: this.#host.source,
      early: this.early,
      bandwidthBps: knownBandwidthBps(),
      isSupported: isTypeSupported,
    }));
  }

  offerPlaylists(playlists: Readonly<Record<string, string>>): void {
    this.early.offerPlaylists(playlists, document.baseURI);
  }

  end(): void {
    this.early.clear();
  }
}
