/** Shorter texts are names. */
const SHORTEST = 16;
/** Words of a name are shorter. */
const LONGEST_WORD = 21;

/** Does a text look as if a generator had made it, such as a key or a hash? Takes linear time. */
export function looksRandom(text: string): boolean {
  if (text.length < SHORTEST || !/^[\w~.=+%-]+$/.test(text) || !/[a-z]/i.test(text)) return false;
  const pieces = text.split(/[^a-z\d]+/i).filter(Boolean);
  if (pieces.some(({ length }) => length > LONGEST_WORD)) return true;
  // A capital begins a word. Changes between letters and digits, and to a capital, are rare in names.
  const changes = pieces.reduce((sum, piece) => sum + countChanges(piece), 0);
  return changes >= 4 && changes >= pieces.join('').length / 4;
}

function countChanges(piece: string): number {
  return piece.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[a-zA-Z])/g)?.length ?? 0;
}
