/**
 * Returns the element with an id.
 *
 * @throws TypeError if it is missing or of another class.
 */
export function findElement<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new TypeError(`The page has no ${kind.name} with the id "${id}".`);
}
