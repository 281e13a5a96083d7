import { pickVariant, type PeekedResource, type PeekedVariant } from '@gatecast/contract';
import type { AskedToken } from './ask-token.js';
import { checkGroups } from './check-groups.js';
import { checkKeys } from './check-keys.js';
import { checkLowLatency } from './check-low-latency.js';
import { checkMediaPlaylist } from './check-media-playlist.js';
import type { DoctorFinding, Findings } from './finding.js';
import { MediaLoader, type Fetched } from './media-loader.js';
import type { StreamTarget } from './stream-target.js';
import { readPlaylist } from './read-playlist.js';
import { isEncrypted, sniffMedia } from './sniff-media.js';
import { textOf, type DoctorNetwork } from './visit.js';

/** As the playlist signer: no live stream has a larger one. */
const MAX_PLAYLIST_BYTES = 2_097_152;
const MAX_SEGMENT_BYTES = 65_536;
/** Of a stream with more renditions, or more audio and subtitles, the first ones are followed. */
const MOST_RENDITIONS = 12;

/** Follows a stream: playlists, keys, init segment, first segment. */
export class MediaChain {
  readonly #loader: MediaLoader;
  readonly #src: string;

  constructor(network: DoctorNetwork, target: StreamTarget, asked: AskedToken | null, list: DoctorFinding[]) {
    this.#loader = new MediaLoader(network, target, asked, list);
    this.#src = target.src;
  }

  async follow(): Promise<void> {
    const loader = this.#loader;
    const first = await loader.get('playlist', this.#src, MAX_PLAYLIST_BYTES);
    if (!first) return;
    const findings = loader.at('playlist', this.#src);
    loader.checkClock(first.visit, findings);
    loader.checkSignature(first.visit, findings);
    await loader.checkOpen(findings);
    const playlist = readPlaylist(first.visit, first.base, findings);
    if (playlist?.kind === 'media') await this.#media(first, playlist.first, findings);
    else if (playlist?.kind === 'multivariant') await this.#multivariant(first, playlist.variants, findings);
  }

  async #multivariant(
    { visit: answer, base }: Fetched,
    variants: readonly PeekedVariant[],
    findings: Findings,
  ): Promise<void> {
    const text = textOf(answer);
    findings.ok(`is a multivariant playlist with ${String(variants.length)} renditions`);
    const members = checkGroups(text, base, findings);
    const best = pickVariant(variants, Infinity, () => true);
    if (best === null) return;
    const before = this.#loader.faults;
    await checkKeys(this.#loader, text, base, 'EXT-X-SESSION-KEY');
    await this.#rendition('rendition', best.url);
    // What is wrong with all renditions is named once.
    if (this.#loader.faults > before) return;
    const others = [...new Set(variants.map(({ url }) => url))].filter((url) => url !== best.url);
    for (const url of others.slice(0, MOST_RENDITIONS - 1)) await this.#rendition('rendition', url);
    for (const { step, url } of members.slice(0, MOST_RENDITIONS)) await this.#rendition(step, url);
    const left =
      Math.max(0, others.length - MOST_RENDITIONS + 1) + Math.max(0, members.length - MOST_RENDITIONS);
    if (left > 0) findings.ok(`has ${String(left)} more playlists, which the doctor does not follow`);
  }

  async #rendition(step: string, url: string): Promise<void> {
    const next = await this.#loader.get(step, url, MAX_PLAYLIST_BYTES);
    if (!next) return;
    const findings = this.#loader.at(step, url);
    const media = readPlaylist(next.visit, next.base, findings);
    if (media?.kind === 'media') await this.#media(next, media.first, findings);
    else if (media?.kind === 'multivariant')
      findings.fault(
        'The playlist of a rendition lists renditions again.',
        'Name a media playlist in EXT-X-STREAM-INF or EXT-X-MEDIA.',
      );
  }

  async #media(
    { visit: answer, base }: Fetched,
    first: readonly PeekedResource[],
    findings: Findings,
  ): Promise<void> {
    const loader = this.#loader;
    const text = textOf(answer);
    checkMediaPlaylist(text, answer.headers, loader.network.now() + (answer.clockOffMs ?? 0), findings);
    await checkKeys(loader, text, base, 'EXT-X-KEY');
    await checkLowLatency(loader, text, base);
    for (const { url, range } of first) {
      const step = first.length > 1 && url === first[0]?.url ? 'init segment' : 'first segment';
      const headers = range ? { Range: `bytes=${String(range.start)}-${String(range.end - 1)}` } : {};
      const got = await loader.get(step, url, MAX_SEGMENT_BYTES, headers);
      if (!got) return;
      const fault = sniffMedia(got.visit, range, isEncrypted(text));
      if (fault === null) loader.at(step, url).ok('loads');
      else loader.at(step, url).fault(fault.what, fault.change);
    }
  }
}
