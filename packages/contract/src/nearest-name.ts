/** Longer texts are not compared, so that the time stays linear in the length of what was written. */
const LONGEST_NAME = 64;

/**
 * The known name that was probably meant: one that begins with what was written, or one with few changed letters.
 * Upper and lower case count as equal.
 *
 * @param written - name that nobody knows, for example a misspelt option.
 * @param known - names to choose from.
 * @returns `null` if no name is near, or if `written` has more than 64 characters.
 * @example
 * ```ts
 * nearestName('maxBufferLenght', ['maxBufferLength', 'debug']); // 'maxBufferLength'
 * ```
 */
export function nearestName(written: string, known: readonly string[]): string | null {
  if (written.length > LONGEST_NAME) return null;
  const name = written.toLowerCase();
  const begun = known.filter((each) => each.toLowerCase().startsWith(name));
  // Few letters begin many names.
  const [only] = begun;
  if (name.length > 2 && begun.length === 1 && only !== undefined) return only;
  let least = Infinity;
  let nearest: string | null = null;
  for (const each of known) {
    const other = each.toLowerCase();
    const distance = name.length > 4 && other.startsWith(name) ? 1 : editDistance(name, other);
    if (distance < least) [least, nearest] = [distance, each];
  }
  // A short name needs more in common: two changed letters of three make another name.
  return least > (name.length < 5 ? name.length / 3 : Math.max(2, name.length / 3)) ? null : nearest;
}

/** Letters to add, remove or replace, and neighbours to swap (optimal string alignment distance). */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at += 1) {
    const next = [at + 1];
    for (let index = 1; index <= to.length; index += 1) {
      const isSame = to[index - 1] === from[at];
      const isSwapped = at > 0 && index > 1 && to[index - 1] === from[at - 1] && to[index - 2] === from[at];
      next.push(
        Math.min(
          (row[index - 1] ?? 0) + (isSame ? 0 : 1),
          (row[index] ?? 0) + 1,
          (next[index - 1] ?? 0) + 1,
          isSwapped ? (before[index - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}
