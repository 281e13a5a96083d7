import { lazyPart, type GatecastError } from '@gatecast/token';
import type Hls from 'hls.js';
import type { ErrorData, Fragment, HlsConfig, Level } from 'hls.js';
import { asPlaybackError, invalidSource, mediaFailed } from '../../source/source-errors.js';
import type { EngineHost } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { HlsOptions } from './hls-options.js';
import { LeftOutEntries } from './left-out-entries.js';
import { loadPolicies } from './load-policies.js';
import { isLicenceError, readHlsError } from './read-hls-error.js';
import { reattachMedia } from './reattach-media.js';
import { RequestGuard } from './request-guard.js';
import { retryAsManifest } from './manifest-retries.js';
import { Pathways } from './pathways.js';
import { watchOpening } from './watch-opening.js';

export interface HlsFaultsOptions {
  readonly host: EngineHost<HlsOptions>;
  /** Is the instance of hls.js about to be replaced? Then its errors do not count. */
  readonly isReplacing: () => boolean;
  /** Called when an entry can no longer be chosen, or can be chosen again. */
  readonly onEntries: () => void;
}

/** Few streams are encrypted. */
const licencePart = lazyPart(
  'explainLicence',
  async () => (await import('./drm/licence-errors.js')).explainLicence,
);

/** If the decoder fails again this soon after a recovery, another recovery would not help. */
const MEDIA_RECOVERY_INTERVAL_MS = 60_000;
/**
 * After so many segments of video that failed before the first one, the source is loaded again: hls.js skips them, and may
 * then stay at a position that it cannot fill.
 */
const START_ERRORS = 4;
/** More than hls.js itself allows before it reports a fatal error. */
const APPEND_ERRORS = 4;
/** After an error, a rendition is not chosen for so long. hls.js itself never chooses it again. */
const PENALTY_MS = 20_000;

/** Handles what fails in hls.js: its errors, its requests, and the renditions that it must leave out. */
export class HlsFaults {
  readonly guard: RequestGuard;
  readonly #options: HlsFaultsOptions;
  readonly #leftOut: LeftOutEntries;
  readonly #pathways = new Pathways();
  #hls: Hls | null = null;
  #hasPlayed = false;
  #startErrors = 0;
  /** Segments in a row that could not be appended. */
  #appendErrors = 0;
  /** Has it reported an error since it last loaded a segment? */
  #hasFailed = false;
  #lastMediaRecoveryMs = -Infinity;

  constructor(options: HlsFaultsOptions) {
    this.#options = options;
    this.#leftOut = new LeftOutEntries(options.host.source);
    this.guard = new RequestGuard({
      hasAlternative: () => this.#hasAlternative,
      onTrouble: (error) => {
        options.host.report({ type: 'trouble', error });
      },
    });
  }

  /** Options of hls.js, which the page’s `hlsConfig` may override. */
  get config(): Partial<HlsConfig> {
    return {
      errorPenaltyExpireMs: PENALTY_MS,
      ...loadPolicies(this.#options.host.options.hlsConfig, () => ({
        hasAlternative: this.#hasAlternative,
        hasPlayed: this.#hasPlayed,
        bufferedS: this.#hls?.mainForwardBufferInfo?.len ?? 0,
      })),
    };
  }

  /** Indices of the entries that cannot be chosen at present. */
  get leftOut(): ReadonlySet<number> {
    return this.#leftOut.indices;
  }

  /**
   * Plans the start, again as often as the page’s `manifestLoadPolicy` says.
   *
   * @throws GatecastError why the source cannot be played.
   */
  prepare<Plan>(plan: (isAgain: boolean) => Promise<Plan>): Promise<Plan> {
    const { signal, options } = this.#options.host;
    const { manifestLoadPolicy } = options.hlsConfig as Partial<HlsConfig>;
    return retryAsManifest(plan, manifestLoadPolicy?.default, signal);
  }

  /**
   * Watches an instance of hls.js until it is destroyed.
   *
   * @param isHandled - is an error handled elsewhere?
   */
  watch(hls: Hls, library: Pick<typeof Hls, 'Events'>, isHandled: (data: ErrorData) => boolean): void {
    const { Events } = library;
    const media = this.#options.host.output.video;
    this.#hls = hls;
    watchOpening({
      hls,
      library,
      media,
      onFailed: (error) => {
        this.#fail(error);
      },
    });
    this.#pathways.reset();
    for (const event of [Events.MANIFEST_PARSED, Events.LEVELS_UPDATED] as const)
      hls.on(event, (_: unknown, { levels }: { readonly levels: readonly Level[] }) => {
        this.#pathways.select(levels);
      });
    hls.on(Events.ERROR, (_, data) => {
      this.#pathways.failed(data);
      if (!this.#options.isReplacing() && !isHandled(data)) this.#onError(hls, data);
    });
    hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
      if (isMain(frag) && !hasMedia(frag)) return;
      this.#hasPlayed ||= isMain(frag);
      this.guard.used(frag);
      this.#appendErrors = 0;
      if (this.#hasFailed) this.#options.host.report({ type: 'resumed' });
      this.#hasFailed = false;
      if (this.#leftOut.restore(hls, frag)) this.#options.onEntries();
    });
    hls.on(Events.DESTROYING, () => {
      if (this.#hls === hls) this.#hls = null;
    });
  }

  /** Called if hls.js throws as it reads a response: it reports no error itself. */
  broken(cause: unknown): void {
    this.#fail(invalidSource('The response', 'hls.js cannot read it', cause));
  }

  /** Can another rendition play at once, or the same one from another CDN? */
  get #hasAlternative(): boolean {
    const hls = this.#hls;
    if (!hls) return false;
    if (this.#pathways.hasAlternative(hls)) return true;
    const { errorPenaltyExpireMs } = hls.config;
    return hls.levels.some(
      ({ loadError, loadErrorTime }, position) =>
        position !== hls.loadLevel &&
        (loadError === 0 ||
          (errorPenaltyExpireMs > 0 && performance.now() - loadErrorTime > errorPenaltyExpireMs)),
    );
  }

  #onError(hls: Hls, data: ErrorData): void {
    const cause = this.guard.errorOf(data);
    if ((data.details as string) === 'internalException') {
      // An exception in a listener: hls.js goes on, but may have stopped to load.
      this.#fail(mediaFailed(data.details, data.error), true);
      return;
    }
    if (data.frag && /^(?:frag(?:Parsing|Decrypt)|bufferAppend)Error$/.test(data.details))
      this.guard.unusable(data.frag);
    // hls.js 1.7 may append to a source buffer that it has removed, again and again, and report no fatal error.
    if ((data.details as string) === 'bufferAppendError') this.#appendErrors += 1;
    if (!data.fatal && this.#appendErrors >= APPEND_ERRORS) {
      this.#appendErrors = 0;
      this.#fail(mediaFailed(data.details, data.error));
      return;
    }
    // Not a gap (EXT-X-GAP): the stream itself says that it has nothing there.
    const isSegmentError = /^(?:frag(?!Gap)|key)/.test(data.details);
    if (isSegmentError && data.frag && isMain(data.frag) && !this.#hasPlayed) this.#startErrors += 1;
    if (!data.fatal && this.#startErrors < START_ERRORS) {
      this.#note('hls-error', { details: data.details, status: data.response?.code, code: cause?.code });
      if (cause) this.#leaveOut(hls, data, cause);
      return;
    }
    if (isLicenceError(data)) {
      this.#explain(hls, data);
      return;
    }
    const remedy = readHlsError(data, cause, this.#hasPlayed);
    if (!data.fatal) {
      this.#startErrors = 0;
      this.#fail(remedy.error);
      return;
    }
    const nowMs = performance.now();
    if (remedy.kind === 'recover-media' && nowMs - this.#lastMediaRecoveryMs > MEDIA_RECOVERY_INTERVAL_MS) {
      this.#lastMediaRecoveryMs = nowMs;
      this.#note('recover-media', { details: data.details });
      reattachMedia(hls);
      return;
    }
    // Before the levels are known there is nothing to resume, and the source must be loaded again.
    this.#fail(remedy.error, remedy.kind === 'resume' && hls.levels.length > 0);
  }

  /** The session with the licence server is over: the source must be loaded again. */
  #explain({ config: { emeEnabled } }: Hls, data: ErrorData): void {
    licencePart(partRequest(this.#options.host)).then(
      (explainLicence) => {
        this.#fail(explainLicence(data, emeEnabled, isSecureContext));
      },
      (cause: unknown) => {
        const error = asPlaybackError(cause);
        if (error) this.#fail(error);
      },
    );
  }

  #leaveOut(hls: Hls, data: ErrorData, error: GatecastError): void {
    const entry = this.#leftOut.add(hls, data, error);
    if (!entry) return;
    this.#options.onEntries();
    this.#options.host.report({ type: 'refused', stream: entry.stream, error });
  }

  #fail(error: GatecastError, isResumable = false): void {
    this.#hasFailed = true;
    this.#options.host.report({ type: 'error', error, isResumable });
  }

  #note(name: string, details: Readonly<Record<string, unknown>>): void {
    this.#options.host.report({ type: 'note', name, details });
  }
}

function isMain({ type }: { readonly type: string }): boolean {
  return type === 'main';
}

/** Has a segment brought media into the buffer? hls.js also reports a segment as buffered that it has skipped. */
export function hasMedia({ elementaryStreams }: Pick<Fragment, 'elementaryStreams'>): boolean {
  return Object.values(elementaryStreams).some((stream) => stream !== null);
}
