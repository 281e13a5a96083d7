const ATTRIBUTES = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'alt', 'placeholder'];

/** Every text of an element that is visible or that a screen reader reads, its shadow trees included. */
export function shownTexts(root: Element): string[] {
  const texts: string[] = [];
  const visit = (node: Node): void => {
    if (node instanceof Text) {
      if (node.data.trim() !== '') texts.push(node.data.trim());
      return;
    }
    if (node instanceof Element) {
      if (node instanceof HTMLStyleElement) return;
      // An element without a box of its own, as a slot, can have visible contents.
      const hasBox = getComputedStyle(node).display !== 'contents';
      if (hasBox && !node.checkVisibility({ visibilityProperty: true })) return;
      for (const name of ATTRIBUTES) {
        const value = node.getAttribute(name)?.trim();
        if (value) texts.push(value);
      }
      if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0) {
        node.assignedNodes().forEach(visit);
        return;
      }
      if (node.shadowRoot) {
        visit(node.shadowRoot);
        return;
      }
    }
    node.childNodes.forEach(visit);
  };
  visit(root);
  return texts;
}

/** A table of texts in which each is marked, so that a text from elsewhere shows itself. */
export function markTexts<Name extends string>(texts: Readonly<Record<Name, string>>): Record<Name, string> {
  const marked: Record<Name, string> = { ...texts };
  for (const name in texts) marked[name] = `«${texts[name]}»`;
  return marked;
}

/** The texts that are not from a marked table and have letters other than those of units, which `Intl` writes. */
export function unmarkedTexts(texts: readonly string[]): string[] {
  return texts.filter((text) => {
    let rest = text;
    // From the inside: a text can be the value in another one.
    for (let before = ''; before !== rest;) {
      before = rest;
      rest = rest.replace(/«[^«»]*»/gu, ' ');
    }
    return /\p{L}/u.test(
      rest.replace(/\d+(?:\.\d+)?(?:p|x|×| ?[kM]bit\/s| (?:minute|second)s?)(?!\p{L})/gu, ' '),
    );
  });
}
