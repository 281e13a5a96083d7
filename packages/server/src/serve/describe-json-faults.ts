import { parse, printParseErrorCode, visit, type ParseError } from 'jsonc-parser';

/** What to change, by the name of the parser's error. */
const faultTexts: Readonly<Record<string, string>> = {
  InvalidSymbol: 'JSON has no such word or character. Put texts into double quotes',
  InvalidNumberFormat: 'JSON has no such number. Write it as in 80 or 0.5',
  PropertyNameExpected: 'the name of an option is expected. Put it into double quotes',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing brace } is expected',
  CloseBracketExpected: 'a closing bracket ] is expected',
  EndOfFileExpected: 'the end of the file is expected',
  InvalidCommentToken: 'JSON has no comments. Remove it',
  UnexpectedEndOfComment: 'JSON has no comments. Remove it',
  UnexpectedEndOfString: 'a text has no end. Close its double quotes in the same line',
  UnexpectedEndOfNumber: 'a number has no end',
  InvalidUnicode: 'four hexadecimal digits are expected after \\u',
  InvalidEscapeCharacter: 'this character needs no backslash. Write \\\\ for a backslash',
  InvalidCharacter: 'a text contains a control character. Write a line end as \\n',
};

/** More lines help nobody. */
const MOST_FAULTS = 50;

export interface JsonFaults {
  /**
   * One entry for each line of the text that has a fault: what follows in the same line is usually a consequence. And one for
   * each option that its object has twice, which JSON allows: the last one would win.
   */
  readonly faults: readonly string[];
  /** The value if comments and commas after a last member are the only faults; else `undefined`. */
  readonly value: unknown;
}

/** Names the faults of a JSON text, with line and column from 1. Never quotes the text. */
export function describeJsonFaults(text: string): JsonFaults {
  const faults: string[] = [];
  const faulty = new Set<number>();
  /** Lines of the members so far, for each object that is open. */
  const objects: Map<string, number>[] = [];
  const add = (line: number, column: number, fault: string): void => {
    if (faults.length < MOST_FAULTS)
      faults.push(`line ${String(line + 1)}, column ${String(column + 1)}: ${fault}`);
  };
  visit(
    text,
    {
      onObjectBegin: () => void objects.push(new Map()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty(name, _offset, _length, line, column) {
        const members = objects.at(-1);
        const earlier = members?.get(name);
        if (earlier === undefined) members?.set(name, line);
        else
          add(
            line,
            column,
            `this option is already set in line ${String(earlier + 1)}. Remove one of the two`,
          );
      },
      onError(error, offset, _length, line, column) {
        if (faulty.has(line)) return;
        faulty.add(line);
        add(line, column, describe(text, offset, printParseErrorCode(error)));
      },
    },
    { disallowComments: true },
  );
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return { faults, value: errors.length === 0 ? value : undefined };
}

function describe(text: string, offset: number, name: string): string {
  if (text.slice(offset).trim() === '')
    return 'the file ends here, but a value or a closing bracket is missing';
  // Only a comma makes the parser expect another member there.
  if (
    (name === 'PropertyNameExpected' && text[offset] === '}') ||
    (name === 'ValueExpected' && text[offset] === ']')
  )
    return 'there is a comma before this closing bracket. Remove it';
  return faultTexts[name] ?? 'this is not JSON';
}
