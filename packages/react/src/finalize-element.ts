/**
 * Makes the accessors of an element's properties where no tag is defined, that is on a server. Without them the
 * wrapper takes properties for attributes, and a token or a source object would be written into the page's markup.
 */
export function finalizeElement(elementClass: { readonly observedAttributes: readonly string[] }): void {
  Reflect.get(elementClass, 'observedAttributes');
}
