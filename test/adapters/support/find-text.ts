/** More than any player keeps; an end for a graph that grows while it is read. */
const MOST_OBJECTS = 500_000;

/**
 * Where a text stands in what is reachable from some values: members of objects, entries of maps and sets. Getters are not
 * called, and elements of the page are not entered.
 *
 * @returns the path of each, without the text.
 */
export function findText(values: readonly unknown[], text: RegExp): string[] {
  const found: string[] = [];
  const seen = new Set<object>();
  const open: { readonly value: unknown; readonly path: string }[] = [{ value: values, path: '' }];
  for (let next = open.pop(); next && seen.size < MOST_OBJECTS; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && text.test(value)) found.push(path);
    if (!isOpen(value) || seen.has(value)) continue;
    seen.add(value);
    for (const [name, member] of membersOf(value)) open.push({ value: member, path: `${path}/${name}` });
  }
  return found;
}

function isOpen(value: unknown): value is object {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  return !(value instanceof Node || value === window || ArrayBuffer.isView(value));
}

function membersOf(value: object): (readonly [string, unknown])[] {
  const members = Object.entries(Object.getOwnPropertyDescriptors(value)).map(
    ([name, descriptor]) => [name, descriptor.value as unknown] as const,
  );
  if (value instanceof Map)
    members.push(...[...value].map((entry, index) => [`entry ${index}`, entry] as const));
  if (value instanceof Set)
    members.push(...[...value].map((entry, index) => [`entry ${index}`, entry] as const));
  return members;
}
