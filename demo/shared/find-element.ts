/**
 * The element of the page with an id.
 *
 * @throws TypeError when it is missing or of another kind.
 */
export function findElement<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new TypeError(`The page has no ${kind.name} with the id "${id}".`);
}
