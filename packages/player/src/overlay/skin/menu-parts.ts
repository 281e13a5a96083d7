type Attributes = Readonly<Record<string, string>>;

/** Creates an element with attributes and children. */
export function create(
  tag: string,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElement {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

export function setAttributes(element: HTMLElement, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** A row of the settings menu that opens a menu. */
export function createItem(label: string, submenu: HTMLElement): HTMLElement {
  const item = create('media-settings-menu-item', { part: 'menu-item' }, label, submenu);
  // Its own part name, so that styles can mirror it in right-to-left languages.
  item.shadowRoot?.querySelector('[name="suffix"] svg')?.setAttribute('part', 'chevron');
  return item;
}

/** Gives a menu its title, and its back button a name. */
export function asSubmenu<Menu extends HTMLElement>(menu: Menu, title: string, back: string): Menu {
  setAttributes(menu, { slot: 'submenu', part: 'submenu', hidden: '', 'aria-label': title });
  menu.append(create('div', { slot: 'title' }, title));
  // media-chrome's back button has an English name without the title that it shows, and a role that is not allowed in a menu.
  const button = findBackButton(menu);
  button?.setAttribute('aria-label', `${back}: ${title}`);
  button?.setAttribute('role', 'menuitem');
  return menu;
}

export function findBackButton(menu: HTMLElement): HTMLElement | null {
  return menu.shadowRoot?.querySelector<HTMLElement>('[part~="back"]') ?? null;
}

/** Shows or hides an item. With `hidden` alone it would stay in the menu for the keys, which then stop at it. */
export function showItem(item: HTMLElement, isShown: boolean): void {
  item.hidden = !isShown;
  item.slot = isShown ? '' : 'unavailable';
}
