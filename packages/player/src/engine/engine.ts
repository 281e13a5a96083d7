import type { StreamTokens } from '@gatecast/element';
import type { Authorizer, GatecastError } from '@gatecast/token';
import type { ExternalMedia } from '../media/external-media.js';
import type { EarlyRequests } from '../loading/early-requests.js';
import type { StartPlan } from '../loading/start-plan.js';
import type { ResolvedSource } from '../source/player-source.js';

export type EngineName = 'hls' | 'native' | 'nanoplayer';

/** A rendition that can be switched to. */
export interface Rendition {
  /** 0 is the highest quality. */
  readonly index: number;
  readonly label: string;
  readonly bitrateKbps: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly framerate: number | null;
  readonly stream: string;
}

export type EntryChangeReason = 'abr' | 'manual' | 'start';

/** What an engine tells its host. */
export type EngineReport =
  /** Playback ended with an error; `isResumable` says whether {@link Engine.recover} may mend it. */
  | { readonly type: 'error'; readonly error: GatecastError; readonly isResumable: boolean }
  | { readonly type: 'renditions'; readonly renditions: readonly Rendition[] }
  | { readonly type: 'entry'; readonly index: number; readonly reason: EntryChangeReason }
  /** An origin refuses a stream for good, and what is left of the source plays on without it. */
  | { readonly type: 'refused'; readonly stream: string; readonly error: GatecastError }
  | { readonly type: 'live'; readonly isLive: boolean }
  /** Something for `diagnostics()`: a warning, a rendition left out, a recovery. */
  | { readonly type: 'note'; readonly name: string; readonly details: Readonly<Record<string, unknown>> };

/** What single engines are told besides the source; addresses are absolute. */
export interface EngineSettings {
  /** Address of the backend's playlist signer, for `native`. */
  readonly playlistSigner: string | null;
  /** Address of the vendor's script, for `nanoplayer`. */
  readonly nanoplayerSrc: string | null;
  /** When fresh tokens reach the vendor's player. */
  readonly refreshMode: 'eager' | 'deferred';
}

/** What an engine is given. */
export interface EngineHost {
  /** The custom element itself, for a player that needs a place in the page's own tree. */
  readonly element: HTMLElement;
  /** The video element inside it; engines attach to it. */
  readonly media: HTMLVideoElement;
  /** Puts a vendor's media element in the place of `media` for the page; `null` takes it away. */
  replaceMedia(standIn: ExternalMedia | null): void;
  /** Was it playing before this engine was made, so that it is to go on? */
  readonly resumesPlaying: boolean;
  readonly source: ResolvedSource;
  readonly authorizer: Authorizer;
  /** `null` for an open stream. */
  readonly tokens: StreamTokens | null;
  /** Read anew each time: the page may change them while it plays. */
  readonly settings: EngineSettings;
  readonly early: EarlyRequests;
  /** Resolves when the first playlist is known; rejects with a typed error. Only for engines that load it by our loader. */
  readonly plan: Promise<StartPlan>;
  /** The page's own options for this engine. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Aborts when the engine is to be gone. */
  readonly signal: AbortSignal;
  report(report: EngineReport): void;
}

/** One way of playing a source. Knows neither where tokens come from nor when they end. */
export interface Engine {
  readonly name: EngineName;
  /** Name and version of what plays underneath, for a support ticket. */
  readonly version: string;
  /** Attaches to the media element and begins to load. Failures are reported, not thrown. */
  load(): Promise<void>;
  /** Makes ready for a `play()` of the page: what is set up or swapped only now would cut that call off. */
  beforePlay?(): Promise<void>;
  /** Resumes loading after an error, sleep or a lost network, where it stands. */
  recover(): void;
  /** Ends the stream where its media does, for one that has ended and whose last part never comes. */
  endHere?(): void;
  /** Seconds of media time at which a live stream is to be joined; `null` when it is not live or not known yet. */
  readonly livePosition: number | null;
  switchEntry(index: number | 'auto'): void;
  destroy(): void;
}

export type EngineFactory = (host: EngineHost) => Engine;
