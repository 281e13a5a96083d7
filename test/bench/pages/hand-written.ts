import Hls from 'hls.js/light';
import { fetchToken, readSettings } from './bench-settings.js';

// What a careful page does without Gatecast: it fetches the token, then the stream, adds the token to each request,
// and reloads with a new token when one is refused.

const settings = readSettings();
const video = document.querySelector('video');
if (!video) throw new Error('The page has no video.');

let token = settings.token ?? (await fetchToken(settings));
let isReloading = false;

const hls = new Hls({
  xhrSetup: (xhr, url) => {
    xhr.open('GET', `${url}?token=${token}`, true);
  },
});

async function reload(): Promise<void> {
  if (isReloading) return;
  isReloading = true;
  token = await fetchToken(settings);
  hls.loadSource(settings.src);
  isReloading = false;
}

hls.on(Hls.Events.ERROR, (_, { response }) => {
  if (response?.code === 401 || response?.code === 403) void reload();
});
hls.attachMedia(video);
hls.loadSource(settings.src);
