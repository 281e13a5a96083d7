import '@mux/mux-player';
import { addressWithToken, fetchToken, readSettings } from './bench-settings.js';

const settings = readSettings();
const player = document.querySelector('mux-player');

async function setSource(): Promise<void> {
  player?.setAttribute('src', addressWithToken(settings.src, await fetchToken(settings)));
}

await setSource();
if (settings.renewEveryMs !== undefined) setInterval(() => void setSource(), settings.renewEveryMs);
