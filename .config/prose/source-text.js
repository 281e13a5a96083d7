import { parse } from '@typescript-eslint/typescript-estree';

// Own: textlint-plugin-jsx 1.3 misses comments before a closing brace.

/** Comment marks become spaces, so that a phrase is found across the lines of a comment. */
export const blankMarks = (text) =>
  text.replace(/\n\s*\*(?= )/g, (marks) => `\n${' '.repeat(marks.length - 1)}`);

const str = (text, [start, end], loc) => ({
  type: 'Str',
  value: text,
  raw: text.slice(start, end),
  range: [start, end],
  loc,
});

/** A processor for textlint: comments, strings and template texts of TypeScript and JavaScript, nothing else. */
export class SourceText {
  availableExtensions() {
    return ['.ts', '.js'];
  }

  processor() {
    return {
      preProcess(source) {
        const { comments, tokens } = parse(source, { comment: true, tokens: true, loc: true, range: true });
        const text = blankMarks(source);
        const texts = [...comments, ...tokens.filter(({ type }) => type === 'String' || type === 'Template')];
        const lines = source.split('\n');
        const children = texts
          .sort((a, b) => a.range[0] - b.range[0])
          .map(({ range, loc }) => ({
            type: 'Paragraph',
            raw: text.slice(...range),
            range,
            loc,
            children: [str(text, range, loc)],
          }));
        const loc = {
          start: { line: 1, column: 0 },
          end: { line: lines.length, column: lines.at(-1).length },
        };
        return { text, ast: { type: 'Document', raw: text, range: [0, text.length], loc, children } };
      },
      postProcess: (messages, filePath) => ({ messages, filePath: filePath ?? '' }),
    };
  }
}
