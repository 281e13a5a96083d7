import type { Rendition } from '../../clip/clip-timing.js';

type Label = Rendition['label'];

/** How a rendition is sent. */
export interface TrackForm {
  readonly label: Label;
  readonly container: 'cmaf' | 'ts';
  readonly isEncrypted: boolean;
  readonly type: 'live' | 'vod';
}

/** A stream that is always on air: one rendition, or a choice of several. */
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

/** Every stream of the demo by name; each needs a token of its own. */
export const streamCatalogue: ReadonlyMap<string, StreamForm> = new Map<string, StreamForm>([
  ['demo', choice],
  ['demo-high', { ...live, label: 'high' }],
  ['demo-medium', { ...live, label: 'medium' }],
  ['demo-low', { ...live, label: 'low' }],
  ['demo-vod', { ...live, label: 'medium', type: 'vod' }],
  ['demo-aes', { ...live, label: 'medium', isEncrypted: true }],
  ['demo-ts', { ...live, label: 'low', container: 'ts' }],
  // A rendition of captions, which hls.js's light build does without.
  ['demo-subs', { ...choice, hasCaptions: true }],
  // VVC with AC-4: sound for a television, refused by every browser.
  ['demo-badcodec', { ...choice, codecs: 'vvc1.1.L67.CQA,ac-4.02.01.03' }],
]);
