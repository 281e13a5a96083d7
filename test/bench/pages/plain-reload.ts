import { addressWithToken, fetchToken, readSettings } from './bench-settings.js';

// The browser's own HLS. A new token means a new URL: the cost of a plain reload.

const settings = readSettings();
const video = document.querySelector('video');

async function setSource(): Promise<void> {
  const token = await fetchToken(settings);
  if (video) video.src = addressWithToken(settings.src, token);
}

await setSource();
if (settings.renewEveryMs !== undefined) setInterval(() => void setSource(), settings.renewEveryMs);
