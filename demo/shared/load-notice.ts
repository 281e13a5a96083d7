const tags = ['secure-player', 'secure-webcaster'];

/**
 * Removes the line in the page's HTML that says that its scripts did not load. Each page's module calls this last. The line
 * stays as long as an element of the page is not defined, because `gatecast.js` is another script.
 */
export async function removeLoadNotice(): Promise<void> {
  const used = tags.filter((tag) => document.querySelector(tag) !== null);
  await Promise.all(used.map((tag) => customElements.whenDefined(tag)));
  document.getElementById('load-notice')?.remove();
}
