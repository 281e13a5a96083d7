import type MuxPlayerElement from '@mux/mux-player';
import '@mux/mux-player';
import { addressWithQuery, fetchToken, readSettings } from './bench-settings.js';

// What a page can do that knows `_hlsConfig`: the types of mux-player have this property, its documentation does not. A timer
// renews the token, and a hook of hls.js adds it to each request, so that the source stays.

const settings = readSettings();
const player = document.querySelector<MuxPlayerElement>('mux-player');
let token = await fetchToken(settings);

async function renewToken(): Promise<void> {
  token = await fetchToken(settings);
}

if (player) {
  player._hlsConfig = {
    xhrSetup: (xhr, url) => xhr.open('GET', addressWithQuery(url, token), true),
  };
  player.src = settings.src;
}
if (settings.renewEveryMs !== undefined) setInterval(() => void renewToken(), settings.renewEveryMs);
