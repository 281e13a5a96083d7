/** Time limit, for a player that does not start. */
const mostMs = 3_000;

/** Waits for the first picture of a player (at most 3 s), so that other work of the page does not delay it. */
export function firstPicture(player: HTMLElement | null): Promise<void> {
  return new Promise((resolve) => {
    // The element may not be defined yet, or may already show a picture.
    const hasPicture = player !== null && 'readyState' in player && Number(player.readyState) >= 2;
    if (!player || hasPicture) {
      resolve();
      return;
    }
    player.addEventListener('loadeddata', () => resolve(), { once: true });
    setTimeout(resolve, mostMs);
  });
}
