import { pressKey } from './press-keys.js';

const MOST_STEPS = 30;

/** The element of a shadow tree that has the focus. */
export const focusedIn = (host: Element): Element | null => host.shadowRoot?.activeElement ?? null;

/** Puts a button of the page before and after an element. */
export function surround(host: Element): { before: HTMLButtonElement; after: HTMLButtonElement } {
  const [before, after] = [document.createElement('button'), document.createElement('button')];
  before.textContent = 'before';
  after.textContent = 'after';
  host.before(before);
  host.after(after);
  return { before, after };
}

/**
 * Focuses an element of the page, also when Tab has moved the focus to the browser's own interface, in this test or one
 * before it: there, Firefox shows no focus in the page.
 */
export async function takeFocus(element: HTMLElement): Promise<void> {
  if (!document.hasFocus()) {
    // Behind the last element, Tab moves between the page and the browser's interface.
    const last = document.createElement('button');
    document.body.append(last);
    last.focus();
    await pressKey('Tab');
    last.remove();
    if (!document.hasFocus()) throw new Error('The page does not get the focus.');
  }
  element.focus();
}

/** What gets the focus in an element, one step after another, until the focus has left it. */
export async function walkFocus(host: Element, step: () => Promise<void>): Promise<Element[]> {
  const visited: Element[] = [];
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    await step();
    const focused = focusedIn(host);
    if (!focused) return visited;
    visited.push(focused);
  }
  throw new Error('The focus does not leave the element.');
}

/** Presses Tab until an element for which `matches` is true has the focus. */
export async function tabTo(
  host: Element,
  name: string,
  matches: (focused: Element) => boolean,
): Promise<Element> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const focused = focusedIn(host);
    if (focused && matches(focused)) return focused;
    await pressKey('Tab');
  }
  throw new Error(`Tab does not reach ${name}.`);
}
