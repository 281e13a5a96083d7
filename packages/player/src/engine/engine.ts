import type { StreamTokens } from '@gatecast/element';
import type { AnsweredMedia, Authorizer, EditPlaylist, GatecastError } from '@gatecast/token';
import type { Capabilities } from '../loading/capabilities.js';
import type { MediaOutput } from '../media/media-output.js';
import type { ResolvedEntry, ResolvedSource, SourceEntry } from '../source/player-source.js';

/** A rendition that the player can switch to. */
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

/** A report of an engine to its host. */
export type EngineReport =
  /**
   * Playback ended with an error; `isResumable`: {@link Engine.recover} may resume it; `isEngineRetrying`: the engine
   * continues to try, and reports `resumed` when it plays.
   */
  | {
      readonly type: 'error';
      readonly error: GatecastError;
      readonly isResumable: boolean;
      readonly isEngineRetrying?: boolean;
    }
  /** A request has failed and will be repeated; playback may continue from the buffer. */
  | { readonly type: 'trouble'; readonly error: GatecastError }
  /** The engine plays again after an error that ended playback. */
  | { readonly type: 'resumed' }
  /** Nobody sends the stream at the moment, its server says. */
  | { readonly type: 'awaited' }
  | { readonly type: 'renditions'; readonly renditions: readonly Rendition[] }
  | { readonly type: 'entry'; readonly index: number; readonly reason: EntryChangeReason }
  /** An origin permanently refuses a stream; the rest of the source continues to play. */
  | { readonly type: 'refused'; readonly stream: string; readonly error: GatecastError }
  | { readonly type: 'live'; readonly isLive: boolean }
  /** The source is set up, and its media is loaded when playback is requested. */
  | { readonly type: 'idle' }
  /** A line for `diagnostics()`: a warning, a rendition that was removed, a recovery. */
  | { readonly type: 'note'; readonly name: string; readonly details: Readonly<Record<string, unknown>> };

/** The surroundings of an engine. `Options` are the element's properties that it reads. */
export interface EngineHost<Options = unknown> {
  /** The custom element, for a player that needs an element in the page's own DOM. */
  readonly element: HTMLElement;
  /** Where to play: in its `video`, or, for a player with its own media element, by `replace`. */
  readonly output: MediaOutput;
  /** Has only the entries that the engine can play, at least one. */
  readonly source: ResolvedSource;
  readonly authorizer: Authorizer;
  /** `null` for a stream without tokens. */
  readonly tokens: StreamTokens | null;
  /** Read each time they are used: the page may change them during playback. */
  readonly options: Options;
  /** Lets playlists say where playback begins, for an engine that requests them itself; `null`: it begins at the default. */
  readonly startAt?: Promise<EditPlaylist> | null | undefined;
  /** Aborts when the engine must stop. */
  readonly signal: AbortSignal;
  /** May another engine have a picture, so that sound alone is not enough? Read at each session. @defaultValue `false` */
  readonly needsPicture?: () => boolean;
  report(report: EngineReport): void;
}

/** Plays a source. It knows neither where tokens come from nor when they expire. */
export interface Engine {
  /** Name and version of the player that it uses, for a support ticket. */
  readonly version: string;
  /** Does it recover by itself when media time stops although media is buffered? */
  readonly unsticksItself: boolean;
  /** Does it connect, load a slow segment or play again by itself at the moment, so that a stall needs no other remedy? */
  readonly isRetrying?: boolean;
  /** Does it know that nothing comes in although it should play, which its media element does not show? */
  readonly isStill?: boolean;
  /** Facts for a support ticket: plain JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
  /**
   * Attaches to the media element and begins to load. Failures are reported, not thrown.
   *
   * @param timeS - seconds of media time at which a recording begins, not a live stream; 0: where the playlist says.
   */
  load(timeS: number): Promise<void>;
  /** Prepares for a `play()` call of the page: setting or swapping the source later would interrupt that call. */
  beforePlay?(): Promise<void>;
  /** Resumes loading at the current position after an error, device sleep or a network outage. */
  recover(): void;
  /** Loads nothing more, because playback is paused, until {@link recover}. An engine without it loads as it likes. */
  stopLoading?(): void;
  /** Marks the end of the buffered media as the end of the stream, when its last segment does not arrive. */
  endHere?(): void;
  /** Replaces a media source that does not play although it has media; position, play or pause are kept. */
  reattach?(): void;
  /** Media time in seconds at which a live stream is joined; `null` when unknown or not live. */
  readonly livePosition: number | null;
  switchEntry(index: number | 'auto'): void;
  /**
   * The access to a stream has ended, but not to all. Returns whether playback goes on: with another entry, if it was the one that plays.
   * Not called for an engine whose definition has {@link EngineDefinition.leavesOutEntries}: the refusals of requests tell it.
   */
  leaveOut?(stream: string): boolean;
  /**
   * Changes to another source and keeps play or pause. Settles when the next source plays, or is taken over while
   * paused. Only one call at a time.
   *
   * @param signal - cancels the change before the player has begun with it; later it ends the wait, and the engine keeps
   *   the next source.
   * @param restoreTokens - called before the engine returns to the old source.
   * @throws GatecastError why the next source cannot be played; the engine has the old source again.
   */
  changeSource?(next: ResolvedSource, signal: AbortSignal, restoreTokens: () => void): Promise<void>;
  destroy(): void;
}

/** What is known of a source that is prepared. */
export interface PreparedMedia {
  /** RFC 6381 codecs of what plays first. Missing or empty if the source does not say; `null` if it is not known whether anything plays. */
  readonly codecs?: string | null;
}

/** An engine that is about to start and whose code is not loaded yet. */
export interface EngineStart {
  /** Loads the code; resolves with a function that creates the engine. */
  load(): Promise<() => Engine>;
  /**
   * Sends the first requests, without the media element. Each call returns the same promise.
   *
   * @returns {@link PreparedMedia}, if the engine looks into the responses.
   * @throws GatecastError why the source cannot be played.
   */
  prepare?(): Promise<unknown>;
  /** Takes playlists from the token response, by address, and the media that come after it. */
  offerPlaylists?(playlists: Readonly<Record<string, string>>, media: readonly AnsweredMedia[]): void;
  /** Discards what `prepare` has requested and the engine has not used. */
  end?(): void;
}

/** An engine's entry in the registry, loaded with the element. */
export interface EngineDefinition<Options> {
  /** May `engine="auto"` choose it in this browser? @defaultValue never */
  isAutomatic?(capabilities: Capabilities): boolean;
  /**
   * With `engine="auto"`: does the next engine that can play the source take its place while it gives no media? It gets it back
   * when its {@link EngineStart.prepare}, which resolves with the first media, succeeds.
   *
   * @defaultValue `false`
   */
  readonly yields?: boolean;
  /** Properties of the element that it reads once: if one changes, the source is loaded again. */
  readonly loadProperties: readonly (keyof Options)[];
  /** Can it play this entry? No token is requested for the others. */
  readonly canPlay: (entry: ResolvedEntry) => boolean;
  /**
   * An address without a source object (`src`, `url` of a token response) as a member of an entry, if the page has chosen this engine.
   *
   * @defaultValue it is the entry's `hls`
   */
  readonly entryFor?: (src: string) => SourceEntry;
  /** The members that an entry needs for it, for a hint. */
  readonly entryMembers: string;
  /**
   * Does it hand the source to a vendor's player as it was given, so that a change of any member is a switch?
   *
   * @defaultValue `false`: only the entries that it can play, the entry to start with and the rule
   */
  readonly playsRawSource?: boolean;
  /**
   * Does it begin by itself at the right place, so that the player need not seek: where its playlists say, as edited by
   * {@link EngineHost.startAt}, and a recording at the position of {@link Engine.load}?
   *
   * @defaultValue `false`: the player seeks
   */
  readonly takesStart?: boolean;
  /**
   * Does it go on by itself with the other entries when the access to one ends?
   *
   * @defaultValue `false`: the player stops, unless {@link Engine.leaveOut} goes on
   */
  readonly leavesOutEntries?: boolean;
  start(host: EngineHost<Options>): EngineStart;
}
