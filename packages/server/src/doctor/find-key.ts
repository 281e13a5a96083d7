import { looksRandom } from './looks-random.js';

/** Forms of keys that a generator writes with separators, and of hex. */
const FORMS = [
  // UUID, such as of Mux and Vimeo.
  /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i,
  // Hex with both digits and letters.
  /(?<![a-z\d])(?=\d*[a-f])(?=[a-f]*\d)[\da-f]{16,}(?![a-z\d])/i,
  // YouTube: four or five groups of four.
  /(?<![a-z\d])[a-z\d]{4}(?:-[a-z\d]{4}){3,4}(?![a-z\d])/i,
  // Facebook
  /(?<![a-z\d])FB-\d{6,}-\w/i,
  // Twitch and Restream
  /(?<![a-z\d])(?:live|re)_\d{5,}_\w/i,
  // Amazon IVS and Kick
  /(?<![a-z\d])sk_[a-z]{2}-[a-z]+-\d_\w/i,
];
/** Punctuation in an address, such as `%2F`. */
const ESCAPE = /%(?:2[\da-f]|3[a-f]|40|5[b-f]|60|7[b-e])/gi;
/** Pieces of a text between separators that are read together. A key in base64url rarely has more. */
const MOST_PIECES = 8;
/** Shorter texts are names. */
const SHORTEST = 16;
/** A word or a number, not a part of a key. */
const PLAIN = /^(?:[A-Z]?[a-z]+|\d+)$/;
/** Numbered, or with a unit: cam01, h264, 1080p60, 2500kbps. */
const NUMBERED = /^(?=.{4})(?:[a-z]{1,5}\d{1,4}|\d{2,4}[a-z]{1,4}\d{0,2})$/;

interface Piece {
  readonly text: string;
  readonly start: number;
  /** Words, and runs of capitals or digits. */
  readonly units: readonly string[];
}

/**
 * Where in a text something begins that may be a key, also behind or between readable words; -1 if there is none. Takes linear
 * time.
 */
export function findKey(text: string): number {
  return findIn(text.replace(ESCAPE, '///'));
}

function findIn(text: string): number {
  const pieces = Array.from(text.matchAll(/[a-z\d]+/gi), ({ 0: piece, index }): Piece => ({
    text: piece,
    start: index,
    units: piece.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [],
  }));
  const starts = [
    ...FORMS.map((form) => text.search(form)),
    startOf(
      pieces,
      pieces.findIndex((piece) => looksRandom(piece.text)),
    ),
    startOf(
      pieces,
      pieces.findIndex((_, at) => beginsMixture(pieces.slice(at, at + MOST_PIECES))),
    ),
  ].filter((at) => at >= 0);
  return starts.length > 0 ? Math.min(...starts) : -1;
}

/** Where a key with a piece begins: pieces before it may be parts of it. */
function startOf(pieces: readonly Piece[], found: number): number {
  let at = found;
  while (at > 0 && !PLAIN.test(pieces[at - 1]?.text ?? '')) at -= 1;
  return pieces[at]?.start ?? -1;
}

/** Do letters, capitals and digits change too often, from the first piece to any other one? */
function beginsMixture(pieces: readonly Piece[]): boolean {
  const [first] = pieces;
  if (first === undefined) return false;
  let changes = 0;
  let inWords = 0;
  let digits = 0;
  let letters = '';
  return pieces.some(({ text, start, units }) => {
    letters += text;
    if (!NUMBERED.test(text)) changes += units.length - 1;
    for (const unit of units) {
      if (isWord(unit)) inWords += unit.length;
      if (/\d/.test(unit)) digits += unit.length;
    }
    const { length } = letters;
    if (start + text.length - first.start < SHORTEST) return false;
    if (changes >= 4 && changes >= length / 4 && digits <= length * 0.7) return true;
    return (
      changes >= 2 &&
      digits <= length / 2 &&
      inWords < length * (changes >= 3 ? 0.7 : 0.5) &&
      /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(letters) &&
      letters.replace(/[^A-Z]/g, '').length >= 3
    );
  });
}

/** Could a person have written it? */
function isWord(unit: string): boolean {
  return (
    /^[A-Z]?[a-z]{2,}$/.test(unit) &&
    /[aeiouy]/i.test(unit) &&
    !/[^aeiouy]{4}|[^aeiouylnrst]{3}|[jqxz]/i.test(unit)
  );
}
