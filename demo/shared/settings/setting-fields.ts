import { schemePresets } from './scheme-presets.js';

/** A field for one attribute of a tag. */
export interface FieldSpec {
  readonly name: string;
  /** Fixed choices; the first is the label of the default. */
  readonly options?: readonly string[];
  /** Suggestions for a field of free text. */
  readonly suggestions?: readonly string[];
  readonly placeholder?: string;
  /** `url` accepts relative URLs and shows a URL keyboard on touch screens. Without it, the field is text. */
  readonly kind?: 'number' | 'url' | 'flag';
  /** Smallest and largest value of a number. */
  readonly range?: readonly [least: number, greatest: number];
  /** `false` for a field that is not an attribute of the tag. @defaultValue true */
  readonly isAttribute?: boolean;
}

const credentials = ['same-origin', 'include', 'omit'];
const flags = (...names: readonly string[]): FieldSpec[] => names.map((name) => ({ name, kind: 'flag' }));

export const playerFields: readonly FieldSpec[] = [
  { name: 'src', kind: 'url' },
  { name: 'entries', placeholder: 'demo-high,demo-low', isAttribute: false },
  { name: 'stream', placeholder: 'from src' },
  { name: 'token-url', kind: 'url' },
  { name: 'token-credentials', options: credentials },
  { name: 'token-session' },
  {
    name: 'token-placement',
    placeholder: 'query:token',
    suggestions: ['query:token', 'header', 'header:X-Token', 'path:/t/{token}{path}', 'cookie', 'none'],
  },
  { name: 'token-origins' },
  { name: 'refresh-lead', kind: 'number', range: [0, 3600], placeholder: '60' },
  { name: 'engine', options: ['auto', 'hls', 'native', 'whep', 'nanoplayer'] },
  { name: 'playlist-signer', kind: 'url', placeholder: '/hls/sign' },
  { name: 'nanoplayer-src', kind: 'url' },
  { name: 'refresh-mode', options: ['eager', 'deferred'] },
  { name: 'max-live-latency', kind: 'number', range: [0, 86_400], placeholder: '30' },
  { name: 'live-catch-up', options: ['jump', 'speed'] },
  { name: 'controls', options: ['none', 'skin', 'native'] },
  { name: 'poster', kind: 'url' },
  { name: 'preload', options: ['default', 'auto', 'metadata', 'none'] },
  { name: 'crossorigin', options: ['not set', 'anonymous', 'use-credentials'] },
  ...flags('dpop', 'wait', 'autoplay', 'muted', 'playsinline', 'loop'),
];

export const webcasterFields: readonly FieldSpec[] = [
  { name: 'publisher', options: ['whip', 'nanostream', 'nanostream-v6'] },
  { name: 'endpoint', kind: 'url' },
  { name: 'stream', placeholder: 'from endpoint' },
  { name: 'token-url', kind: 'url' },
  { name: 'token-credentials', options: credentials },
  { name: 'token-session' },
  { name: 'token-placement', options: ['header', 'query:token', 'none'] },
  { name: 'token-origins' },
  { name: 'refresh-lead', kind: 'number', range: [0, 3600], placeholder: '60' },
  { name: 'capture', options: ['camera', 'screen', 'camera screen', 'audio', 'none'] },
  { name: 'layout', options: ['picture-in-picture', 'side-by-side', 'camera', 'screen'] },
  { name: 'inset', placeholder: 'bottom-right', suggestions: ['bottom-right 25%', 'top-left 33%'] },
  { name: 'video', placeholder: 'device id' },
  { name: 'audio', placeholder: 'device id' },
  {
    name: 'resolution',
    placeholder: '1280x720',
    suggestions: ['1920x1080', '1280x720', '854x480', '640x360'],
  },
  { name: 'framerate', kind: 'number', range: [1, 120], placeholder: '30' },
  { name: 'video-bitrate', kind: 'number', range: [50, 50_000], placeholder: '2500 (kbit/s)' },
  { name: 'audio-bitrate', kind: 'number', range: [6, 510], placeholder: '128 or 256 (kbit/s)' },
  { name: 'audio-mode', options: ['speech', 'music'] },
  {
    name: 'degradation-preference',
    options: ['auto', 'balanced', 'maintain-framerate', 'maintain-resolution'],
  },
  { name: 'codec', options: ['auto', 'enhanced', 'h264', 'vp8', 'vp9', 'av1', 'h265'] },
  { name: 'reconnect-for', kind: 'number', range: [1, 3600], placeholder: '120' },
  { name: 'device-loss', options: ['slate', 'switch', 'none'] },
  { name: 'slate', kind: 'url' },
  { name: 'status-url', kind: 'url' },
  { name: 'countdown', kind: 'number', range: [0, 600], placeholder: '0' },
  { name: 'upload-test-url', kind: 'url' },
  { name: 'publisher-src', kind: 'url' },
  ...flags('allow-partial', 'dpop', 'controls', 'show-slate', 'simulcast'),
];

/** Labels and URL parameters of the streams in the preset list: `src` or `entries`, and for a token scheme all that it needs. */
export const playerPresets: readonly (readonly [label: string, parameters: string])[] = [
  ['demo: adaptive, one token', 'src=/live/demo.m3u8'],
  ['Three renditions, one token each', 'entries=demo-high,demo-medium,demo-low'],
  ['demo-high: 720p only', 'src=/live/demo-high.m3u8'],
  ['demo-medium: 480p only', 'src=/live/demo-medium.m3u8'],
  ['demo-low: 360p only', 'src=/live/demo-low.m3u8'],
  ['demo-vod: on demand', 'src=/live/demo-vod.m3u8'],
  ['demo-aes: encrypted', 'src=/live/demo-aes.m3u8'],
  ['demo-subs: with captions', 'src=/live/demo-subs.m3u8'],
  ['demo-badcodec: not playable', 'src=/live/demo-badcodec.m3u8'],
  ['lab: broadcast of the QA lab', 'src=/live/lab.m3u8'],
  ...schemePresets,
  ['Custom', ''],
];
