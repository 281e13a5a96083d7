/** A player that does not start holds nothing else up for longer. */
const mostMs = 3_000;

/** Waits until a player shows its first picture, so that a page's own drawing does not compete with it. */
export function firstPicture(player: HTMLElement | null): Promise<void> {
  return new Promise((resolve) => {
    // The tag may be defined later than this, and may be faster than this.
    const hasPicture = player !== null && 'readyState' in player && Number(player.readyState) >= 2;
    if (!player || hasPicture) {
      resolve();
      return;
    }
    player.addEventListener('loadeddata', () => resolve(), { once: true });
    setTimeout(resolve, mostMs);
  });
}
