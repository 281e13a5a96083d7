import videojs from 'video.js';
import { addressWithQuery, fetchToken, readSettings } from './bench-settings.js';

// As in the README of @videojs/http-streaming: a hook for all requests, and its own engine also where the browser plays HLS,
// because requests of the browser do not pass the hook.

interface XhrOptions {
  readonly uri: string;
}
/** Video.js has no types for what its HLS engine adds. */
type WithVhs = typeof videojs & {
  readonly Vhs: { readonly xhr: { onRequest(hook: (options: XhrOptions) => XhrOptions): void } };
};

const settings = readSettings();
const token = await fetchToken(settings);
const { xhr } = (videojs as WithVhs).Vhs;
xhr.onRequest((options) => ({ ...options, uri: addressWithQuery(options.uri, token) }));
const html5 = { vhs: { overrideNative: true }, nativeAudioTracks: false, nativeVideoTracks: false };
const player = videojs(document.querySelector('video') ?? 'video', { html5 });
player.src({ src: settings.src, type: 'application/x-mpegURL' });
