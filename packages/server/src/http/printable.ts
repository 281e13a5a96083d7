/**
 * Control characters (C0, C1, DEL), format characters (bidirectional controls, zero-width characters, tags), line and
 * paragraph separators, lone surrogates, and characters for private use.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/**
 * Text from outside as one line that is safe to print: a terminal does not act upon it, and what it shows is what it
 * contains. Other characters are written as JSON writes them: `\u001b`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escape);
}

/** The same for text of several lines: keeps line feeds and tabs. JSON stays valid and keeps its meaning. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t' ? character : escape(character),
  );
}

function escape(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
