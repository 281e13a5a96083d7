import { needsFullBuild } from '@gatecast/contract';
import { delay, systemClock, type MediaResponse } from '@gatecast/token';
import type { FragmentLoaderContext, Level, LoaderContext, PlaylistLoaderContext } from 'hls.js';
import type { StartOptions, StartPlan } from '../../loading/plan-start.js';
import {
  COMPOSED_URL,
  ENTRY_ATTRIBUTE,
  peekNext,
  pickEntry,
  requestFirst,
} from '../../loading/plan-start.js';
import { peekPlaylist } from '../../loading/peek-playlist.js';
import type { ResolvedEntry } from '../../source/player-source.js';
import { composeMultivariant, entryIndexOfGroup } from './compose-multivariant.js';
import { readMultivariantEntry, type MultivariantEntry } from './multivariant-entry.js';

/** The start does not wait longer for entries that it does not begin with. They are read when they are switched to. */
const OTHERS_LIMIT_MS = 2000;

/** The multivariant playlist of a source with several entries, each of which is a media or a multivariant playlist. */
export class ComposedEntries {
  readonly #options: StartOptions;
  readonly #entries: readonly ResolvedEntry[];
  readonly #expanded = new Map<number, MultivariantEntry>();
  readonly #ofPlaylist = new Map<string, ResolvedEntry>();

  constructor(options: StartOptions) {
    this.#options = options;
    this.#entries = options.source.entries;
  }

  get text(): string {
    return composeMultivariant(this.#entries, this.#expanded);
  }

  /**
   * Requests what playback begins with. If the first entry is a multivariant playlist, the others may be so too: their
   * groups must be known before hls.js reads the composed playlist.
   */
  async plan(): Promise<StartPlan> {
    const entry = pickEntry(this.#options);
    const first = await this.#read(entry);
    if (first) {
      const others = this.#entries.filter((each) => each !== entry && each.url !== null);
      const { early } = this.#options;
      // It only saves time: the engine makes the same requests.
      peekNext(first.url, entry.stream, early).catch(() => undefined);
      await this.#withinLimit(Promise.all(others.map((each) => this.#read(each))));
    }
    const isKnown = this.#options.early.playlists.has(entry.url);
    return {
      url: COMPOSED_URL,
      startUrl: first?.url ?? entry.url,
      codecs: isKnown ? (first?.variant.get('CODECS') ?? '') : null,
      needsFullBuild: needsFullBuild(this.text),
    };
  }

  /**
   * The stream whose token a request of hls.js needs. A level or group names its entry; a segment or key belongs to the
   * entry of its playlist.
   */
  streamOf(context: LoaderContext, levels: readonly Level[]): string {
    return (this.#entryOf(context, levels) ?? this.#entries[0])?.stream ?? '';
  }

  /**
   * Keeps which entry a playlist belongs to, by the address that hls.js resolves its segments with.
   *
   * @returns what to load instead, if the playlist of an entry is a multivariant one.
   */
  follow(
    response: MediaResponse,
    context: LoaderContext,
    levels: readonly Level[],
  ): MultivariantEntry | null {
    const entry = this.#entryOf(context, levels);
    if (!entry || typeof response.data !== 'string' || 'frag' in context) return null;
    this.#ofPlaylist.set(response.url, entry);
    return this.#expand(entry, response.data, response.url);
  }

  #entryOf(context: LoaderContext, levels: readonly Level[]): ResolvedEntry | undefined {
    if ('frag' in context) return this.#ofPlaylist.get((context as FragmentLoaderContext).frag.base.url);
    const { groupId, level } = context as PlaylistLoaderContext;
    const index = groupId
      ? entryIndexOfGroup(groupId)
      : Number((level === null ? null : levels[level])?.attrs[ENTRY_ATTRIBUTE] ?? NaN);
    return this.#entries.find((entry) => entry.index === index);
  }

  async #withinLimit(work: Promise<unknown>): Promise<void> {
    const end = new AbortController();
    const limit = delay(systemClock, OTHERS_LIMIT_MS, end.signal).catch(() => undefined);
    await Promise.race([work, limit]);
    end.abort();
  }

  /** The engine handles an entry that fails: it requests the playlist again. */
  async #read(entry: ResolvedEntry): Promise<MultivariantEntry | null> {
    const { early } = this.#options;
    try {
      const { data, url } = await early.playlist(entry.url ?? '', entry.stream);
      const found = this.#expand(entry, String(data), url);
      if (!found) requestFirst(peekPlaylist(String(data), url), entry.stream, early);
      return found;
    } catch {
      return null;
    }
  }

  /** What is played of an entry that is a multivariant playlist; `null` for another, or one that cannot be played here. */
  #expand(entry: ResolvedEntry, text: string, url: string): MultivariantEntry | null {
    const found = readMultivariantEntry(text, url, this.#options.isSupported);
    if (found) this.#expanded.set(entry.index, found);
    return found;
  }
}
