// The entry of gatecast.js: defines both tags, and lets nothing come between the page and its first frame.
import '@gatecast/player/define';
import { delay, systemClock } from '@gatecast/token';

const tag = 'secure-webcaster';
/** What ends a player's start, one way or the other; the events do not bubble. */
const endsOfStart = ['loadeddata', 'secure-error'];
/** A player that does not begin by itself is not waited for. */
const START_LIMIT_MS = 3000;

async function defineWebcaster(): Promise<void> {
  await import('@gatecast/webcaster/define');
}

function startOfPlayers(): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const started = new Promise<void>((resolve) => {
    for (const type of endsOfStart)
      document.addEventListener(type, () => resolve(), { capture: true, signal });
  });
  // Settled by its own signal when a player was faster.
  const limit = delay(systemClock, START_LIMIT_MS, signal).catch(() => undefined);
  return Promise.race([started, limit]).finally(() => {
    waiting.abort();
  });
}

/** A page with the tag gets it at once; any other when its players have their first picture. */
async function defineWebcasterInTime(): Promise<void> {
  if (!document.querySelector(tag) && document.querySelector('secure-player')) await startOfPlayers();
  await defineWebcaster();
}

void defineWebcasterInTime();
