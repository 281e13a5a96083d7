import shaka from 'shaka-player/dist/shaka-player.hls-es2021.js';
import { addressWithQuery, fetchToken, readSettings } from './bench-settings.js';

// As in Shaka Player's tutorials on basic usage and on authentication by parameters, with its smallest build that plays HLS.

const settings = readSettings();
const video = document.querySelector('video');
if (!video) throw new Error('The page has no video.');

const token = await fetchToken(settings);
shaka.polyfill.installAll();
const player = new shaka.Player();
await player.attach(video);
player.getNetworkingEngine()?.registerRequestFilter((_, request) => {
  request.uris = request.uris.map((uri) => addressWithQuery(uri, token));
});
await player.load(settings.src);
