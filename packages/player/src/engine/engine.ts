import type { StreamTokens } from '@gatecast/element';
import type { Authorizer, GatecastError } from '@gatecast/token';
import type { Capabilities } from '../loading/capabilities.js';
import type { MediaOutput } from '../media/media-output.js';
import type { ResolvedSource } from '../source/player-source.js';

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

/** What an engine is given. `Options` are the element's properties that it reads. */
export interface EngineHost<Options = unknown> {
  /** The custom element, for a player that needs a place in the page's own tree. */
  readonly element: HTMLElement;
  /** Where to play: its `video` for an engine that attaches to it, `replace` for a player with an element of its own. */
  readonly output: MediaOutput;
  /** Was it playing before this engine was created, so that it must go on? */
  readonly resumesPlaying: boolean;
  readonly source: ResolvedSource;
  readonly authorizer: Authorizer;
  /** `null` for an open stream. */
  readonly tokens: StreamTokens | null;
  /** Read at each use: the page may change them while it plays. */
  readonly options: Options;
  /** Aborts when the engine must end. */
  readonly signal: AbortSignal;
  report(report: EngineReport): void;
}

/** One way to play a source. Knows neither where tokens come from nor when they end. */
export interface Engine {
  /** Name and version of the player underneath, for a support ticket. */
  readonly version: string;
  /** Does it detect by itself that media time stands still although there is media to play? */
  readonly unsticksItself: boolean;
  /** Attaches to the media element and begins to load. Failures are reported, not thrown. */
  load(): Promise<void>;
  /** Prepares for a `play()` of the page: a source that is set or swapped later would interrupt that call. */
  beforePlay?(): Promise<void>;
  /** Resumes loading at the current position, after an error, sleep or a lost network. */
  recover(): void;
  /** Ends an ended stream where its media ends, when its last part does not arrive. */
  endHere?(): void;
  /** Seconds of media time at which a live stream is joined; `null` when it is not live or not known yet. */
  readonly livePosition: number | null;
  switchEntry(index: number | 'auto'): void;
  destroy(): void;
}

/** One run of an engine, before its code is loaded. */
export interface EngineStart {
  /** Loads the code, and returns what creates the engine. */
  load(): Promise<() => Engine>;
  /**
   * Makes the first requests without the media element; every call returns the same promise.
   *
   * @throws GatecastError why the source cannot be played.
   */
  prepare?(): Promise<unknown>;
  /** Takes playlists that came with a token, by address. */
  offerPlaylists?(playlists: Readonly<Record<string, string>>): void;
  end?(): void;
}

/** An engine's line in the registry, loaded with the element. */
export interface EngineDefinition<Options> {
  /** May `engine="auto"` choose it in this browser? Left out: never. */
  isAutomatic?(capabilities: Capabilities): boolean;
  /** Properties of the element that it reads once: a change of one loads the source again. */
  readonly loadProperties: readonly (keyof Options)[];
  start(host: EngineHost<Options>): EngineStart;
}
