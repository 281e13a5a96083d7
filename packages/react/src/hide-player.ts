import type { SecurePlayer } from '@gatecast/player';

/** Time, in milliseconds, that a player has to return to the live edge: after a long pause its playlists load first. */
const RETURN_MS = 15_000;
/** A seek that ends farther than this from the live edge, in seconds, is one of the viewer or the page. */
const SEEK_S = 1;

/**
 * Pauses a player that is hidden, also one that begins only then. When it is shown again, one that played goes on: as close
 * to live as before if the viewer watched live, and otherwise where it was. A paused one stays paused.
 *
 * A player in a picture-in-picture window is not hidden: it plays on until the window is closed.
 */
export function hidePlayer(player: SecurePlayer): () => void {
  const hidden = new AbortController();
  let wasPlaying = false;
  let liveLeadS: number | null = null;
  const pause = (): void => {
    if (player.paused || isInPictureInPicture(player)) return;
    wasPlaying = true;
    liveLeadS = readLiveLead(player);
    player.pause();
  };
  for (const type of ['play', 'leavepictureinpicture'])
    player.addEventListener(type, pause, { signal: hidden.signal });
  pause();
  return () => {
    hidden.abort();
    if (!wasPlaying) return;
    void playAgain(player);
    if (liveLeadS !== null) returnToLive(player, liveLeadS);
  };
}

/** Seconds between the place from which on it counts as live and the one that plays; `null` behind it. */
function readLiveLead({ liveEdgeStart, currentTime }: SecurePlayer): number | null {
  return liveEdgeStart === undefined || currentTime < liveEdgeStart ? null : currentTime - liveEdgeStart;
}

async function playAgain(player: SecurePlayer): Promise<void> {
  // Props that have changed in the meantime may be a new source.
  await player.updateComplete;
  // A browser that refuses autoplay shows a paused frame and the play button.
  if (player.isConnected) await player.play().catch(() => undefined);
}

/** Seeks to the live edge, as soon as it is known again. */
function returnToLive(player: SecurePlayer, leadS: number): void {
  const done = new AbortController();
  const { signal } = done;
  const shownAtMs = performance.now();
  const target = (): number => (player.liveEdgeStart ?? NaN) + leadS;
  const onProgress = ({ timeStamp }: Event): void => {
    if (timeStamp - shownAtMs > RETURN_MS) done.abort();
    else if (player.currentTime < target() - leadS) player.currentTime = target();
  };
  for (const type of ['playing', 'progress', 'timeupdate'])
    player.addEventListener(type, onProgress, { signal });
  const onSeeking = (): void => {
    if (Math.abs(player.currentTime - target()) > SEEK_S) done.abort();
  };
  player.addEventListener('seeking', onSeeking, { signal });
  player.addEventListener('pause', () => done.abort(), { signal });
}

function isInPictureInPicture(player: SecurePlayer): boolean {
  const root = player.getRootNode();
  // Not in all browsers.
  return 'pictureInPictureElement' in root && root.pictureInPictureElement === player;
}
