import '@videojs/html/video/player';
import '@videojs/html/media/hls-video';
import { addressWithQuery, fetchToken, readSettings } from './bench-settings.js';

// Player and media element without a skin. The element hands `config` to hls.js.

const settings = readSettings();
const video = document.querySelector('hls-video');
if (!video) throw new Error('The page has no player.');

const token = await fetchToken(settings);
const config = {
  xhrSetup: (xhr: XMLHttpRequest, url: string) => {
    xhr.open('GET', addressWithQuery(url, token), true);
  },
};
Object.assign(video, { config, src: settings.src });
