import { fetchToken, readSettings } from './bench-settings.js';

// Passes fresh tokens to a playing <secure-player> through updateSource repeatedly, and marks the cost of each call.

const UPDATES = 20;
/** More than a second, because two tokens of the same second are equal and change nothing. */
const PAUSE_MS = 1100;

const settings = readSettings();
const player = document.querySelector('secure-player');
if (!player) throw new Error('The page has no player.');

const sourceWith = (token: string) => ({
  entries: [{ index: 0, hls: settings.src, h5live: { security: { jwtoken: token } } }],
});

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const droppedFrames = (): number => player.getVideoPlaybackQuality().droppedVideoFrames;

async function keepStill(): Promise<number> {
  const before = droppedFrames();
  await rest(UPDATES * PAUSE_MS);
  return droppedFrames() - before;
}

async function update(): Promise<number> {
  const before = droppedFrames();
  for (let index = 0; index < UPDATES; index += 1) {
    const source = sourceWith(await fetchToken(settings));
    await rest(PAUSE_MS);
    const startMs = performance.now();
    const { status } = (await player?.updateSource(source)) ?? {};
    performance.measure('update-source', { start: startMs, detail: status });
  }
  return droppedFrames() - before;
}

await customElements.whenDefined('secure-player');
player.source = sourceWith(await fetchToken(settings));
await new Promise((resolve) => player.addEventListener('playing', resolve, { once: true }));
await rest(2000);
const still = await keepStill();
const updating = await update();
performance.mark('updates-done', { detail: { droppedWhileStill: still, droppedWhileUpdating: updating } });
