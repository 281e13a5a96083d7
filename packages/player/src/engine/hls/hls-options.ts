import type { HlsConfig } from 'hls.js';
import type { DrmOptions } from './drm/drm-options.js';
import type { EarlyRequests } from '../../loading/early-requests.js';
import type { checkPlaylist } from '../../loading/check-playlist.js';
import type { PlainAddresses } from './plain-addresses.js';
import type { EarlyBuffer } from './early-buffer.js';
import type { ComposedEntries } from './composed-entries.js';
import type { EngineHost } from '../engine.js';
import type { StartPlan } from '../../loading/plan-start.js';

/** The options of hls.js, apart from those that the player sets itself. */
export type HlsConfigOptions = Partial<Omit<HlsConfig, 'loader' | 'fLoader' | 'pLoader' | 'autoStartLoad'>>;

/** Properties of the element that this engine reads. */
export interface HlsOptions {
  /** Options for hls.js. */
  readonly hlsConfig: Readonly<Record<string, unknown>>;
  /** Whether to send CMCD, and where; `null` for not. */
  readonly cmcd: string | null;
  /** Licence servers of an encrypted stream. */
  readonly drm: DrmOptions | null;
  /** Address of the backend's playlist signer, which gives AirPlay receivers addresses; empty for none. */
  readonly playlistSigner: string;
}

/** AirPlay for one attachment of hls.js. */
export interface AirPlayOffer {
  /** Has the browser handed over to another device what hls.js has played? Then errors and stalls are those of that device. */
  isAway(): boolean;
  /** Call it right after hls.js is attached: the first `<source>` must be that of hls.js, and the browser selects one soon. */
  attached(): void;
}

/** The requests that were sent before hls.js was loaded. */
export interface HlsStart {
  readonly early: EarlyRequests;
  /** The playlist composed from the entries; `null` for a source with one entry, and before {@link prepare}. */
  readonly composed: ComposedEntries | null;
  /** `null` in a browser without AirPlay. */
  readonly offerAirPlay: ((host: EngineHost<HlsOptions>) => AirPlayOffer) | null;
  /** `null` before the engine's code is loaded. */
  readonly checkPlaylist: typeof checkPlaylist | null;
  /** Keeps the addresses of requests as they are; `null` for a page without options. */
  readonly plainAddresses: PlainAddresses | null;
  /** The options of hls.js as the page's properties and attributes have them. Empty before the engine's code is loaded. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What is shown already, for the engine to take over; `null` if that is nothing. From then on nothing is shown without it. */
  takeBuffer(): EarlyBuffer | null;
  /**
   * @param isAgain - sends the first requests again, after a failure. @defaultValue `false`: each call has the same result
   * @throws GatecastError why the source cannot be played.
   */
  prepare(isAgain?: boolean): Promise<StartPlan>;
}
