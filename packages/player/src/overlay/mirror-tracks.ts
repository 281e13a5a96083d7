/**
 * Copies the `<track>` children of an element into its video element, and keeps the copies up to date. The observer has
 * the same lifetime as the element.
 */
export function mirrorTracks(element: HTMLElement, video: HTMLVideoElement): void {
  const copies = new Map<HTMLTrackElement, HTMLTrackElement>();
  const update = (): void => {
    const tracks = Array.from(element.querySelectorAll<HTMLTrackElement>(':scope > track'));
    for (const [track, copy] of copies) {
      if (tracks.includes(track) && track.isEqualNode(copy)) continue;
      copy.remove();
      copies.delete(track);
    }
    for (const track of tracks) {
      if (copies.has(track)) continue;
      const copy = track.cloneNode() as HTMLTrackElement;
      copies.set(track, copy);
      video.append(copy);
    }
  };
  new MutationObserver(update).observe(element, { childList: true, subtree: true, attributes: true });
  update();
}
