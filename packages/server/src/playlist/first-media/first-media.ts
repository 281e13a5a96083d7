import type { AnnouncedMedia, PeekedResource } from '@gatecast/contract';
import type { MediaResult } from '../../http/metrics.js';
import type { PageToken } from '../page-token.js';
import type { Playlists } from '../shared-playlists.js';
import type { UpstreamAllowList } from '../upstream-allow-list.js';
import { chooseMedia } from './choose-media.js';
import { loadMedia, rangeText } from './load-media.js';
import type { MediaBody, MediaFault } from './media-body.js';
import type { FirstMediaLimits } from './media-options.js';
import { MediaPauses } from './media-pauses.js';
import { SharedMedia } from './shared-media.js';

/** A stream whose first playlist is in the response. */
export interface StartedStream {
  readonly stream: string;
  /** Address of the first playlist, as the page requests it. */
  readonly address: string;
  readonly token: PageToken;
  /** What decides the content besides the user and the address: claims and restrictions of the grant. */
  readonly grant: string;
  /** Does an address that the origin has signed lead to it? Then the addresses in it have tokens of their own. */
  readonly isSigned: boolean;
}

/** What the player and its user say about a start. */
export interface MediaViewer {
  /** User of the token. */
  readonly user: string | undefined;
  /** What the player expects of its connection, in bits per second. */
  readonly bandwidthBps: number;
}

/** Media that are coming from the origin. */
export interface OpenMedia {
  readonly announced: AnnouncedMedia;
  /** They count as read: call `leave` once. */
  readonly body: Promise<MediaBody>;
  /** Were they requested for another viewer? It is known when `body` has resolved. */
  readonly isShared: () => boolean;
}

/** Why nothing is requested. */
export type NoMedia = Extract<MediaResult, 'no-segment' | 'not-allowed' | 'too-large' | 'paused'>;

export interface FirstMediaSettings {
  readonly limits: FirstMediaLimits;
  readonly allowList: UpstreamAllowList;
  readonly pauseMs: number;
  /** Are media shared between viewers? */
  readonly isShared: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly fetch: typeof globalThis.fetch;
}

/** No segment is shared for longer, whatever its playlist says. */
const LONGEST_SHARE_MS = 10_000;

/** Requests the media that playback begins with, so that they come in the token response. */
export class FirstMedia {
  readonly limits: FirstMediaLimits;
  readonly #settings: FirstMediaSettings;
  readonly #shared: SharedMedia;
  readonly #pauses: MediaPauses;

  constructor(settings: FirstMediaSettings) {
    const { limits, pauseMs, now } = settings;
    this.limits = limits;
    this.#settings = settings;
    this.#shared = new SharedMedia(limits.memoryBytes, now);
    this.#pauses = new MediaPauses(pauseMs, now);
  }

  /** Memory that media take, in bytes. */
  get usedBytes(): number {
    return this.#shared.memory.used;
  }

  /**
   * Requests init and media segment of a stream, unless they are here already or another viewer's are on their way.
   *
   * @returns both in the order in which they are used, or the reason for which there are none.
   */
  open(start: StartedStream, playlists: Playlists, viewer: MediaViewer): readonly OpenMedia[] | NoMedia {
    const chosen = chooseMedia(start.address, playlists, viewer.bandwidthBps);
    if (!chosen) return 'no-segment';
    const { resources, segmentMs } = chosen;
    const absence = this.#pauses.has(start.address) ? 'paused' : this.#absence(resources, start.token);
    if (absence) return absence;
    return resources.map((resource, index) => {
      const { url, range } = resource;
      let isShared = true;
      const request = () => {
        isShared = false;
        return this.#load(resource, start);
      };
      const key = [url, range, start.stream, start.grant];
      const body = this.#shared.open({
        key: JSON.stringify(key),
        group: JSON.stringify([start.address, index, start.stream, start.grant]),
        user: viewer.user,
        shareMs: this.#settings.isShared && !start.isSigned ? Math.min(segmentMs, LONGEST_SHARE_MS) : 0,
        load: request,
      });
      const announced = { url, ...(range && { range: rangeText(range) }) };
      return { announced, body, isShared: () => isShared };
    });
  }

  #absence(resources: readonly PeekedResource[], token: PageToken): NoMedia | null {
    const { allowList, limits } = this.#settings;
    let length = 0;
    for (const { url, range } of resources) {
      const address = new URL(url);
      const request = token.next(address);
      // A token must not choose the origin that gets it.
      const isHere = request && new URL(request.url).origin === address.origin;
      if (!isHere || !allowList.has(address)) return 'not-allowed';
      if (this.#pauses.has(address.origin)) return 'paused';
      if (!range) continue;
      length += range.end - range.start;
      if (!Number.isSafeInteger(range.end) || range.end <= range.start) return 'no-segment';
      if (length > limits.maxBytes) return 'too-large';
    }
    return null;
  }

  #load({ url, range }: PeekedResource, { token, address }: StartedStream): MediaBody {
    const { fetch, limits } = this.#settings;
    const at = new URL(url);
    const request = token.next(at) ?? { url, headers: {} };
    const onFault = (fault: MediaFault) => this.#pauses.start(fault === 'origin-busy' ? at.origin : address);
    return loadMedia(request, range, { ...limits, fetch, memory: this.#shared.memory, onFault });
  }
}
