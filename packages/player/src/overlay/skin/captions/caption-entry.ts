import { create } from '../menu-parts.js';

/**
 * Adds an entry to the end of the captions menu. media-chrome writes the items of that menu again with each new list of
 * tracks, which removes the entry; it is added again then.
 *
 * @param open - called when the viewer chooses the entry.
 * @returns a function that stops this.
 */
export function addCaptionEntry(menu: HTMLElement, label: string, open: () => void): () => void {
  const entry = create('media-chrome-menu-item', { part: 'menu-item caption-style' }, label);
  entry.style.borderTop = '1px solid rgb(255 255 255 / 0.25)';
  entry.addEventListener('click', open);
  // When the key is released, as media-chrome's own items: a select that got the focus before would use the key.
  entry.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter' || key === ' ') entry.addEventListener('keyup', open, { once: true });
  });
  const root = menu.shadowRoot;
  const list = root?.querySelector('slot:not([name])');
  const add = (): void => {
    if (list && list.lastElementChild !== entry) list.append(entry);
  };
  const items = new MutationObserver(add);
  if (list) items.observe(list, { childList: true });
  add();
  return () => {
    items.disconnect();
    entry.remove();
  };
}
