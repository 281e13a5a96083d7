import type { Page } from 'playwright-core';

/** More than any page has. */
const mostStops = 200;
const BETWEEN_FRAMES_MS = 5000;

/**
 * Moves the focus through a page with Tab, or from its end with Shift and Tab. Lists what a person with a keyboard would
 * miss: a focus without a ring, a focus behind something else, and a control that is never reached.
 */
export async function listFocusFaults(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<string[]> {
  await page.evaluate(leaveFocus);
  const faults: string[] = [];
  for (let stops = 0; stops < mostStops; stops += 1) {
    await page.keyboard.press(key);
    let fault = await page.evaluate(lookAtFocus);
    if (fault === null) {
      const missed = await page.evaluate(listMissedControls);
      if (missed.length === 0) return faults;
      // On its way to a frame in another process, or back, the focus is nowhere for a moment.
      const isBack = () => document.activeElement !== null && document.activeElement !== document.body;
      await page.waitForFunction(isBack, undefined, { timeout: BETWEEN_FRAMES_MS }).catch(() => undefined);
      fault = await page.evaluate(lookAtFocus);
      if (fault === null) return [...faults, ...missed];
    }
    if (fault !== '') faults.push(fault);
  }
  return [...faults, 'The focus does not leave the page.'];
}

/** The next Tab begins at the top of the page, and the next Shift and Tab at its end. */
function leaveFocus(): void {
  for (const each of document.querySelectorAll('[data-was-focused]'))
    each.removeAttribute('data-was-focused');
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}

/** What is wrong with the focused element; `''` if nothing is, `null` behind the last one. */
function lookAtFocus(): string | null {
  let focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  focused.setAttribute('data-was-focused', '');
  // The player has tests of its own, and draws the rings of its ranges beside them; in a frame, they are in another document.
  const needsRing = !['secure-player', 'iframe'].includes(focused.localName);
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const name = `${focused.localName} “${focused.ariaLabel ?? focused.getAttribute('name') ?? focused.textContent.trim()}”`;
  const rings = [getComputedStyle(focused), getComputedStyle(focused, '::before')];
  if (
    needsRing &&
    !rings.some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none')
  )
    return `${name} has no ring`;
  const { left, top, bottom, width, height } = focused.getBoundingClientRect();
  if (bottom <= 0 || top >= innerHeight) return `${name} is outside of the window`;
  const [x, y] = [Math.min(Math.max(left + width / 2, 0), innerWidth - 1), top + Math.min(height / 2, 20)];
  let shown = document.elementFromPoint(x, y);
  while (shown?.shadowRoot) {
    const inner = shown.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === shown) break;
    shown = inner;
  }
  for (let each: Node | null = shown; each; each = each instanceof ShadowRoot ? each.host : each.parentNode)
    if (each === focused) return '';
  // A host whose own part is in front, such as a slider. Any other ancestor is there when the focused element is cut off.
  const root = focused.getRootNode();
  if (root instanceof ShadowRoot && root.host === shown) return '';
  return `${name} is covered by ${shown?.localName ?? 'nothing'}`;
}

/** Lists the controls that have not had the focus. */
function listMissedControls(): string[] {
  const controls = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  return [...document.querySelectorAll<HTMLElement>(controls)]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.matches(':disabled'))
    .filter((each) => !each.hasAttribute('data-was-focused'))
    .map((each) => `${each.localName} “${each.textContent.trim()}” is not reached`);
}
