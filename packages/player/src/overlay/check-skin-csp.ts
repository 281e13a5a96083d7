/**
 * Checks whether the page's Content-Security-Policy allows media-chrome, whose elements use `innerHTML` and `<style>`.
 *
 * @returns the reason why not; `null` if it is allowed.
 */
export function checkSkinCsp(root: HTMLElement | DocumentFragment): string | null {
  try {
    // Throws where Trusted Types are enforced, as `innerHTML` would.
    new DOMParser().parseFromString('', 'text/html');
  } catch {
    return 'media-chrome does not work with require-trusted-types-for in the page’s Content-Security-Policy.';
  }
  const probe = document.createElement('style');
  probe.textContent = ':host { --secure-player-probe: 1; }';
  root.append(probe);
  const isApplied = probe.sheet !== null;
  probe.remove();
  return isApplied
    ? null
    : "media-chrome needs style-src 'unsafe-inline' in the page’s Content-Security-Policy.";
}
