import { readsQuery } from '../peek-playlist.js';
import type { MediaRequest, MediaResponse } from '@gatecast/token';
import { expandVariables, type Variables } from './expand-variables.js';
import type { PathwayClone } from './pathway-clones.js';
import { Renditions } from './renditions.js';
import { RereadingPace } from './rereading-pace.js';
import { SegmentAddresses } from './segment-addresses.js';

/** When a playlist was read. */
export interface ReadingTime {
  /** By the server's clock, in milliseconds since 1970. */
  readonly atMs: number;
  /** Version of its stream's token at that time; `null` without one. */
  readonly version: number | null;
}

/** A playlist that the engine has requested. */
export class KnownPlaylist {
  /** As the engine sends it, without delivery directives. */
  readonly request: MediaRequest;
  readonly pace: RereadingPace;
  reading: Promise<boolean> | null = null;
  isMultivariant = false;
  time: ReadingTime = { atMs: 0, version: null };
  /** Variables of a multivariant playlist, as the engine has them. Media playlists import them. */
  variables: Variables = new Map();
  /** The same of the latest reading. */
  latestVariables: Variables = new Map();
  readonly #renditions = new Renditions();
  readonly #segments = new SegmentAddresses();
  /** Base of relative addresses in what the engine has. */
  #baseUrl: string | null = null;
  /** Where the latest response for the engine came from. */
  #address: string | null = null;

  constructor(request: MediaRequest, random: () => number) {
    this.request = request;
    this.pace = new RereadingPace(random);
  }

  /** A steering manifest has come, for a multivariant playlist. */
  steer(clones: readonly PathwayClone[]): void {
    this.#renditions.steer(clones);
  }

  /** Does the engine know an address from this playlist? */
  has(url: string): boolean {
    return (this.isMultivariant ? this.#renditions : this.#segments).has(url);
  }

  /** The address in the latest reading; `null` if it is not named any more. */
  current(url: string): string | null {
    return (this.isMultivariant ? this.#renditions : this.#segments).current(url);
  }

  /**
   * The engine gets this response.
   *
   * @param address - where the request for it was sent.
   * @param parent - the playlist that names it.
   * @returns the response as the engine must have it: with the base and the names of segments that it knows, and with values in
   *   place of variables.
   */
  give(
    response: MediaResponse,
    address: string,
    time: ReadingTime,
    parent: KnownPlaylist | null = null,
  ): MediaResponse {
    // The engine reports it.
    if (!this.exchange(response, time, parent)) return response;
    const playlist = { text: String(response.data), baseUrl: response.url };
    const { text, variables } = expandVariables(playlist, parent?.variables);
    if (this.isMultivariant) {
      this.variables = variables;
      this.#renditions.give({ text, baseUrl: response.url });
      return response;
    }
    if (readsQuery(text)) this.#baseUrl = null;
    const baseUrl = (this.#baseUrl ??= response.url);
    // Another session of the same stream.
    if (this.#address !== null && address !== this.#address) this.#segments.keepNames();
    this.#address = address;
    const data = this.#segments.present(text);
    this.#segments.give({ text: data, baseUrl });
    return { ...response, data, url: baseUrl };
  }

  /** The playlist was read again. Returns whether the response is a playlist. */
  exchange(response: MediaResponse, time: ReadingTime, parent: KnownPlaylist | null = null): boolean {
    const given = { text: String(response.data), baseUrl: response.url };
    if (!/^\uFEFF?#EXTM3U/.test(given.text)) return false;
    const playlist = expandVariables(given, parent?.latestVariables);
    this.latestVariables = playlist.variables;
    this.time = time;
    this.isMultivariant = playlist.text.includes('#EXT-X-STREAM-INF:');
    if (this.isMultivariant) this.#renditions.exchange(playlist);
    else this.#segments.exchange(playlist);
    return true;
  }
}
