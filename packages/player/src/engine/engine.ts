import type { Authorizer, GatecastError } from '@gatecast/token';
import type { EarlyRequests } from '../playback/early-requests.js';
import type { StartPlan } from '../playback/start-up.js';
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
  | { readonly type: 'live'; readonly isLive: boolean }
  /** Something for `diagnostics()`: a warning, a rendition left out, a recovery. */
  | { readonly type: 'note'; readonly name: string; readonly details: Readonly<Record<string, unknown>> };

/** What an engine is given. */
export interface EngineHost {
  /** The element that the page sees; engines attach to it. */
  readonly media: HTMLVideoElement;
  readonly source: ResolvedSource;
  readonly authorizer: Authorizer;
  readonly early: EarlyRequests;
  /** Resolves when the first playlist is known; rejects with a typed error. */
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
  /** Resumes loading after an error, sleep or a lost network, where it stands. */
  recover(): void;
  /** Seconds of media time at which a live stream is to be joined; `null` when it is not live or not known yet. */
  readonly livePosition: number | null;
  switchEntry(index: number | 'auto'): void;
  destroy(): void;
}

export type EngineFactory = (host: EngineHost) => Engine;
