/** Lets nothing play on, not even what is buffered, and ends the run. */
export function pauseAtEnd(media: HTMLMediaElement, run: { stop(): void }): void {
  // After its event, which the browser drops if the source goes first.
  if (media.paused) run.stop();
  else media.addEventListener('pause', () => run.stop(), { once: true });
  media.pause();
}
