/**
 * Why a page's Content-Security-Policy does not let media-chrome work; `null` when it does. Its elements write their
 * markup as text and their styles as `<style>`.
 */
export function checkSkinCsp(root: HTMLElement | DocumentFragment): string | null {
  try {
    // Takes text only where elements' markup may be text too.
    new DOMParser().parseFromString('', 'text/html');
  } catch {
    return 'The page requires trusted types, which media-chrome does not make.';
  }
  const probe = document.createElement('style');
  probe.textContent = ':host { --secure-player-probe: 1; }';
  root.append(probe);
  const isApplied = probe.sheet !== null;
  probe.remove();
  return isApplied ? null : "media-chrome needs style-src 'unsafe-inline'.";
}
