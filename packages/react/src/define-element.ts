interface ElementClass extends CustomElementConstructor {
  readonly observedAttributes: readonly string[];
}

/**
 * Defines a tag where there is a page to use it. Two copies of the kit on one page: the first one keeps the tag.
 *
 * On a server it only makes the accessors of the class's properties. Without them the wrapper takes properties for
 * attributes, and a token or a source object would be written into the page's markup.
 */
export function defineElement(tagName: string, elementClass: ElementClass): void {
  if (!('document' in globalThis)) Reflect.get(elementClass, 'observedAttributes');
  else if (!customElements.get(tagName)) customElements.define(tagName, elementClass);
}
