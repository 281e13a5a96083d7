import { needsFullBuild } from '@gatecast/contract';
import type Hls from 'hls.js';
import type { FragParsingUserdataData, Level } from 'hls.js';
import { ENTRY_ATTRIBUTE } from '../../loading/plan-start.js';
import { readPosition, restorePosition } from '../../media/playback-position.js';

export type HlsClass = typeof Hls;

/** How the next instance of hls.js continues. */
export interface Resumption {
  /** Is this the level to continue with? */
  readonly isSameLevel: (level: Level) => boolean;
  /** Did the viewer or the page choose it, so that it does not change by itself? */
  readonly isFixed: boolean;
  /** Seconds of media time; -1 for the default. */
  readonly startPosition: number;
}

/** The engine, as far as a change of the build needs it. */
export interface BuildHost {
  readonly media: HTMLVideoElement;
  readonly signal: AbortSignal;
  readonly engine: { readonly livePosition: number | null };
  /** Attaches a new instance of the library to the media element. */
  readonly attach: (resumption: Resumption) => void;
}

/** A lost chunk is requested again after this time at the earliest. */
const RETRY_MS = 5000;
/** The build of hls.js that plays: the light one until something needs the full one. */
export class BuildChoice {
  #library: HlsClass;
  /** `null` when the library is the full build. */
  #loadFull: (() => Promise<HlsClass>) | null;
  #isChanging = false;
  #triedAtMs = -Infinity;

  constructor(library: HlsClass, loadFull: (() => Promise<HlsClass>) | null) {
    this.#library = library;
    this.#loadFull = loadFull;
  }

  get library(): HlsClass {
    return this.#library;
  }

  get isLight(): boolean {
    return this.#loadFull !== null;
  }

  /** Are errors those of an instance that is about to be replaced? */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  /**
   * Calls back when the light build loads what only the full build can play: a media playlist that needs it, also in the
   * middle of a live stream; captions inside the video; a codec in MPEG-TS.
   */
  watch(hls: Hls, onNeeded: (reason: string) => void): void {
    if (!this.#loadFull) return;
    const { Events } = this.#library;
    const need = (reason: string): void => {
      const nowMs = performance.now();
      if (this.#isChanging || nowMs - this.#triedAtMs < RETRY_MS) return;
      this.#triedAtMs = nowMs;
      onNeeded(reason);
    };
    hls.on(Events.LEVEL_LOADED, (_, { details }) => {
      if (needsFullBuild(details.m3u8)) need('playlist');
    });
    hls.on(Events.FRAG_PARSING_USERDATA, (_, { samples }) => {
      if (samples.some(hasCaptions)) need('captions');
    });
    hls.on(Events.ERROR, (_, { error }) => {
      // The light build finds HEVC or EC-3 in MPEG-TS and does not read it.
      if (/^Unsupported \S+ in M2TS found/.test(error.message)) need('codec');
    });
  }

  /**
   * Replaces the instance by one of the full build. A stream that plays already keeps its position, its rendition, and
   * play or pause.
   *
   * @returns whether there is a new instance.
   * @throws the reason why the code of the full build cannot be loaded; the light build then plays on.
   */
  async change(hls: Hls, { media, signal, engine, attach }: BuildHost): Promise<boolean> {
    if (this.#isChanging) return false;
    this.#isChanging = true;
    const hasLevels = hls.levels.length > 0;
    // It must not append what it cannot play. What is buffered plays on.
    if (hasLevels) hls.stopLoad();
    try {
      this.#library = (await this.#loadFull?.()) ?? this.#library;
      this.#loadFull = null;
    } catch (error) {
      if (hasLevels && !signal.aborted) hls.startLoad();
      throw error;
    } finally {
      this.#isChanging = false;
    }
    if (signal.aborted) return false;
    const position = readPosition(media, engine);
    const { wasPlaying, time } = position;
    const last = hls.levels[hls.loadLevel];
    const isSameLevel = ({ uri, attrs }: Level): boolean =>
      uri === last?.uri || attrs[ENTRY_ATTRIBUTE] === (last?.attrs[ENTRY_ATTRIBUTE] ?? NaN);
    const isFixed = hasLevels && !hls.autoLevelEnabled;
    hls.destroy();
    attach({ isSameLevel, isFixed, startPosition: time === null || time === 0 ? -1 : time });
    // If the browser blocks autoplay, the viewer sees the paused picture and a play button.
    if (wasPlaying) media.play().catch(() => undefined);
    if (!hasLevels) return true;
    media.addEventListener(
      'loadedmetadata',
      () => {
        const toRestore = { ...position, time: null, wasPlaying: wasPlaying && media.paused };
        restorePosition(media, { engine, signal }, toRestore);
      },
      { once: true, signal },
    );
    return true;
  }
}

/** Does a sample hold CEA-608 text? Encoders also send empty captions. */
function hasCaptions(sample: FragParsingUserdataData['samples'][number]): boolean {
  const { payloadType, bytes } = sample as { payloadType?: number; bytes?: Uint8Array };
  if (payloadType !== 4 || !bytes) return false;
  // CTA-708 section 4.4: after two bytes, three for each pair: flags with the field, and two characters with parity.
  const count = (bytes[0] ?? 0) & 0x1f;
  for (let at = 2; at < 2 + count * 3; at += 3) {
    const flags = bytes[at] ?? 0;
    const isText = (((bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0)) & 0x7f) !== 0;
    if (isText && (flags & 0x04) !== 0 && (flags & 0x03) < 2) return true;
  }
  return false;
}
