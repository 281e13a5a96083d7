import type Hls from 'hls.js';
import type { HlsConfig, LoaderContext } from 'hls.js';
import type { MediaResponse } from '@gatecast/token';
import { COMPOSED_URL, type StartPlan } from '../../loading/plan-start.js';
import type { Engine, EngineHost, EntryChangeReason } from '../engine.js';
import { rememberBandwidth } from '../../loading/bandwidth-memory.js';
import type { BuildChoice, Resumption } from './build-choice.js';
import type { EarlyBuffer } from './early-buffer.js';
import type { EncoderFollower } from './follow-encoder.js';
import type { HlsFaults } from './hls-faults.js';
import type { WaitReasons } from './wait-reasons.js';
import type { AirPlayOffer, HlsOptions, HlsStart } from './hls-options.js';
import type { HlsParts } from './hls-parts.js';
import type { RenditionMap } from './hls-renditions.js';

/** Our defaults, which the page's `hlsConfig` may override. */
const DEFAULTS = {
  // Otherwise hls.js waits for its next timer when playlists arrive before the media is attached.
  startFragPrefetch: true,
  backBufferLength: 30,
  // As in native players, the seekable range is the live window.
  liveDurationInfinity: true,
  preferManagedMediaSource: true,
} satisfies Partial<HlsConfig>;

/** Plays with hls.js. Its full build is loaded only for a stream that needs it. */
export class HlsEngine implements Engine {
  readonly version: string;
  readonly unsticksItself = false;
  readonly #host: EngineHost<HlsOptions>;
  readonly #media: HTMLVideoElement;
  readonly #headStart: HlsStart;
  readonly #builds: BuildChoice;
  readonly #parts: HlsParts;
  readonly #faults: HlsFaults;
  #hls: Hls | null = null;
  #plan: StartPlan | null = null;
  #renditions: RenditionMap | null = null;
  /** Length of the longest variable (`EXT-X-DEFINE`), which media playlists import. */
  #longestVariable = 0;
  #nextReason: EntryChangeReason = 'start';
  /** Where a recording begins, until its first picture is there; 0: at the default. */
  #timeS = 0;
  #isBegun = false;
  readonly #waitReasons: WaitReasons;
  #follower: EncoderFollower | null = null;
  #airPlay: AirPlayOffer | null = null;

  constructor(host: EngineHost<HlsOptions>, headStart: HlsStart, builds: BuildChoice, parts: HlsParts) {
    this.#host = host;
    this.#media = host.output.video;
    this.#headStart = headStart;
    this.#builds = builds;
    this.#parts = parts;
    this.#waitReasons = new parts.WaitReasons();
    this.#faults = new parts.HlsFaults({
      host,
      isReplacing: () => builds.isChanging || this.#airPlay?.isAway() === true,
      onEntries: () => {
        if (this.#hls) this.#tellRenditions(this.#hls);
      },
    });
    this.version = `hls.js ${builds.library.version}`;
  }

  async load(timeS: number): Promise<void> {
    const { signal } = this.#host;
    this.#timeS = timeS;
    // The media source opens while the first playlist is still loading.
    const early = this.#headStart.takeBuffer();
    this.#isBegun = !!early?.shown;
    this.#media.addEventListener('loadeddata', this.#begun, { once: true, signal });
    this.#attach(null, early);
    this.#media.addEventListener('play', this.#rejoinLive, { signal });
    this.#plan = await this.#faults.prepare((isAgain) => this.#headStart.prepare(isAgain));
    if (this.#plan.needsFullBuild && this.#builds.isLight && !isOver(signal)) await this.#changeBuild();
    if (!isOver(signal)) this.#hls?.loadSource(this.#plan.url);
  }

  recover(): void {
    const hls = this.#airPlay?.isAway() ? null : this.#hls;
    // Before the first picture, hls.js would begin a recording at the default.
    if (hls) hls.startLoad(this.#isBegun || this.livePosition !== null ? -1 : hls.startPosition);
    if (hls && !this.#media.paused) this.#rejoinLive();
  }

  stopLoading(): void {
    const hls = this.#hls;
    hls?.stopLoad();
    // The old playlists do not say where live is.
    hls?.once(this.#builds.library.Events.LEVEL_UPDATED, this.#rejoinLive);
  }

  get isRetrying(): boolean {
    // The first playlist has its own time limit, which the page may have set.
    return (
      this.#plan === null ||
      this.#airPlay?.isAway() === true ||
      this.#waitReasons.hasReason(this.#hls, this.#media)
    );
  }

  endHere(): void {
    this.#hls?.trigger(this.#builds.library.Events.BUFFER_EOS, { type: null });
  }

  reattach(): void {
    if (this.#hls) this.#parts.reattachMedia(this.#hls);
  }

  get livePosition(): number | null {
    // hls.js also has one for a recording.
    return this.#hls?.latestLevelDetails?.live ? this.#hls.liveSyncPosition : null;
  }

  switchEntry(index: number | 'auto'): void {
    if (!this.#hls || !this.#renditions) return;
    const level = index === 'auto' ? -1 : this.#renditions.levelOf(index);
    if (index !== 'auto' && level < 0)
      throw new RangeError(`switchEntry: no entry has the index ${String(index)}`);
    this.#nextReason = index === 'auto' ? 'abr' : 'manual';
    this.#hls.nextLevel = level;
  }

  destroy(): void {
    if (this.#hls) rememberBandwidth(this.#hls.bandwidthEstimate);
    this.#hls?.destroy();
    this.#hls = null;
  }

  /** Returns whether there is a new instance. */
  async #changeBuild(): Promise<boolean> {
    const { signal } = this.#host;
    const attach = (resumption: Resumption): void => {
      this.#attach(resumption);
    };
    const host = { media: this.#media, signal, engine: this, attach };
    return this.#hls !== null && this.#builds.change(this.#hls, host);
  }

  /** What plays, or its build, cannot play on; the position is kept. */
  async #reload(reason: string): Promise<void> {
    const note = { type: 'note', name: 'reload', details: { reason } } as const;
    try {
      if (!(await this.#changeBuild()) || !this.#plan) return;
      this.#host.report(note);
      this.#hls?.loadSource(this.#plan.url);
    } catch (error) {
      this.#host.report({ ...note, details: { reason, error } });
    }
  }

  #attach(resumption: Resumption | null, early: EarlyBuffer | null = null): void {
    const media = this.#media;
    const Library = this.#builds.library;
    const { plainAddresses } = this.#headStart;
    let isRestarting = false;
    const loader = this.#parts.createHlsLoader({
      early: this.#headStart.early,
      tokens: this.#host.tokens,
      signal: this.#host.signal,
      streamOf: (context) => {
        const { composed } = this.#headStart;
        return (
          composed?.streamOf(context, this.#hls?.levels ?? []) ?? this.#host.source.entries[0]?.stream ?? ''
        );
      },
      answer: (url) => (url === COMPOSED_URL ? (this.#headStart.composed?.text ?? null) : null),
      follow: (response, context) => this.#follow(response, context),
      edit: (text) => (this.#timeS ? this.#parts.beginAt(text, this.#timeS) : text),
      check: (text, url) => {
        const { checkPlaylist } = this.#headStart;
        if (checkPlaylist) this.#longestVariable = checkPlaylist(text, url, this.#longestVariable);
      },
      guard: (...request) => this.#faults.guard.run(...request),
      onBroken: (cause) => {
        this.#faults.broken(cause);
      },
      onSegment: (fragment, data) => {
        this.#follower?.onSegment(fragment, new Uint8Array(data));
      },
      onSlowBytes: () => {
        this.#waitReasons.onSlowBytes();
      },
      isRestarting: () => isRestarting,
    });
    const hls = new Library({
      ...DEFAULTS,
      ...this.#faults.config,
      ...(this.#headStart.config as Partial<HlsConfig>),
      // Not for the page to override: they sign the requests and let us choose the first level.
      loader: plainAddresses?.restore(loader) ?? loader,
      autoStartLoad: false,
    });
    const startLoad = hls.startLoad.bind(hls);
    // hls.js calls it, too.
    hls.startLoad = (...start) => {
      isRestarting = true;
      try {
        startLoad(...start);
      } finally {
        isRestarting = false;
      }
    };
    plainAddresses?.keep(hls.config);
    const { Events } = Library;
    let position = resumption;
    hls.on(Events.MANIFEST_PARSED, () => {
      this.#begin(hls, position, position ? undefined : early?.shown?.begin.positionS);
      early = null;
      // When the source is loaded again, it starts at the live position.
      position = null;
    });
    // A pathway of content steering may have other renditions.
    hls.on(Events.LEVELS_UPDATED, () => {
      this.#tellRenditions(hls);
    });
    this.#builds.watch(hls, (reason) => void this.#reload(reason));
    hls.on(Events.LEVEL_SWITCHED, (_, { level }) => {
      this.#tellEntry(level);
    });
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      this.#waitReasons.onPlaylist();
      this.#host.report({ type: 'live', isLive: details.live });
    });
    this.#faults.watch(hls, Library, (data) => this.#follower?.handles(data) === true);
    const isCurrent = (): boolean => this.#hls === hls;
    this.#parts.followOncePlaying({
      host: this.#host,
      hls,
      library: Library,
      isCurrent,
      onFollower: (follower) => {
        this.#follower = follower;
      },
    });
    this.#airPlay = this.#headStart.offerAirPlay?.(this.#host) ?? null;
    this.#hls = hls;
    if (early) void this.#parts.takeOver({ hls, library: Library, media, early, isCurrent });
    else hls.attachMedia(media);
    this.#airPlay?.attached();
  }

  #begin(hls: Hls, resumption: Resumption | null, shownPosition: number | undefined): void {
    this.#tellRenditions(hls);
    this.#parts.beginLoad(hls, resumption, {
      startUrl: this.#plan?.startUrl,
      isFixed: this.#host.source.rule === 'none',
      positionS: shownPosition ?? (this.#timeS ? -1 : undefined),
    });
  }

  readonly #begun = (): void => {
    this.#isBegun = true;
    this.#timeS = 0;
  };

  #tellRenditions(hls: Hls): void {
    this.#renditions = this.#parts.mapRenditions(hls, this.#host.source, this.#faults.leftOut);
    this.#host.report({ type: 'renditions', renditions: this.#renditions.renditions });
  }

  #tellEntry(level: number): void {
    const index = this.#renditions?.indexOf(level) ?? -1;
    if (index >= 0) this.#host.report({ type: 'entry', index, reason: this.#nextReason });
    this.#nextReason = this.#hls?.autoLevelEnabled ? 'abr' : 'manual';
  }

  /** The URL of an entry may be that of a multivariant playlist: then its best variant is played. */
  #follow(response: MediaResponse, context: LoaderContext): string | null {
    const entry = this.#headStart.composed?.follow(response, context, this.#hls?.levels ?? []);
    // hls.js reads groups only at the start.
    if (entry && entry.media.length > 0) void this.#reload('groups');
    return entry?.url ?? null;
  }

  readonly #rejoinLive = (): void => this.#parts.rejoinLive(this.#hls, this.#media);
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
