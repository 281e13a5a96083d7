import { phrases } from './phrases.js';

const patterns = phrases.map(([phrase, instead]) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${phrase.replaceAll(' ', '\\s+')})(?![\\w-])`, 'gi'),
  instead,
}));

/** A rule for textlint: reports each phrase of the list. Names in code spans are other nodes and are not read. */
export function bannedPhrases({ Syntax, RuleError, getSource, locator, report }) {
  return {
    [Syntax.Str](node) {
      const text = getSource(node);
      for (const { pattern, instead } of patterns) {
        for (const { 0: found, index } of text.matchAll(pattern)) {
          const padding = locator.range([index, index + found.length]);
          report(node, new RuleError(`"${found.replace(/\s+/g, ' ')}": write ${instead}.`, { padding }));
        }
      }
    },
  };
}
