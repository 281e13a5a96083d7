import type { Rendition } from '../../clip/clip-timing.js';

type Label = Rendition['label'];

/** Format of a stream with one rendition. */
export interface TrackForm {
  readonly label: Label;
  readonly container: 'cmaf' | 'ts';
  readonly isEncrypted: boolean;
  /** Is the video encrypted with a key that a licence brings (ClearKey)? */
  readonly hasLicence?: true;
  readonly type: 'live' | 'vod';
}

/** A stream that is always available, with one rendition (`media`) or several (`multivariant`). */
export type StreamForm =
  | ({ readonly shape: 'media' } & TrackForm)
  | {
      readonly shape: 'multivariant';
      readonly labels: readonly Label[];
      readonly hasCaptions: boolean;
      readonly codecs?: string;
    };

const live = { shape: 'media', container: 'cmaf', isEncrypted: false, type: 'live' } as const;
const choice = { shape: 'multivariant', labels: ['high', 'medium', 'low'], hasCaptions: false } as const;

/** All streams of the demo by name. Each needs its own token. */
export const streamCatalogue: ReadonlyMap<string, StreamForm> = new Map<string, StreamForm>([
  ['demo', choice],
  ['demo-high', { ...live, label: 'high' }],
  ['demo-medium', { ...live, label: 'medium' }],
  ['demo-low', { ...live, label: 'low' }],
  ['demo-vod', { ...live, label: 'medium', type: 'vod' }],
  ['demo-aes', { ...live, label: 'medium', isEncrypted: true }],
  ['demo-drm', { ...live, label: 'low', hasLicence: true }],
  ['demo-ts', { ...live, label: 'low', container: 'ts' }],
  // Has captions, which the light build of hls.js does not support.
  ['demo-subs', { ...choice, hasCaptions: true }],
  // VVC and AC-4, which no browser can play.
  ['demo-badcodec', { ...choice, codecs: 'vvc1.1.L67.CQA,ac-4.02.01.03' }],
]);
