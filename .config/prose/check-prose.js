import { extname } from 'node:path';
import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import html from 'textlint-plugin-html';
import { phrases, responsePhrases } from './phrases.js';
import { SourceText, blankMarks } from './source-text.js';

const toPattern = ([phrase, instead]) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${phrase.replaceAll(' ', '\\s+')})(?![\\w-])`, 'gi'),
  instead,
});
const patterns = phrases.map(toPattern);
const productPatterns = [...phrases, ...responsePhrases].map(toPattern);

/** A rule for textlint: reports each phrase of the lists. Code spans are other nodes and are not read. */
const bannedPhrases = ({ Syntax, RuleError, getSource, getFilePath, locator, report }) => ({
  [Syntax.Str](node) {
    const text = getSource(node);
    const isTest = /(^|\/)test\/|\.test\.ts$/.test(getFilePath() ?? '');
    for (const { pattern, instead } of isTest ? patterns : productPatterns)
      for (const { 0: found, index } of text.matchAll(pattern)) {
        const padding = locator.range([index, index + found.length]);
        report(node, new RuleError(`"${found.replace(/\s+/g, ' ')}": write ${instead}.`, { padding }));
      }
  },
});

const kernel = new TextlintKernel();
const plugins = [
  { pluginId: 'markdown', plugin: markdown.default ?? markdown },
  { pluginId: 'html', plugin: html.default ?? html },
  { pluginId: 'source-text', plugin: { Processor: SourceText } },
];
const rules = [{ ruleId: 'banned-phrases', rule: bannedPhrases }];

/** Finds each phrase in code and in parts of words, too: Markdown's `_anew_` is one word of letters before it is parsed. */
const roughPattern = new RegExp(
  [...phrases, ...responsePhrases].map(([phrase]) => `(?:${phrase.replaceAll(' ', '\\s+')})`).join('|'),
  'i',
);

/** Most files hold no phrase, and need not be parsed. */
const mayHoldPhrase = (text) => roughPattern.test(blankMarks(text));

/** Checks one text in the format that its path names; resolves with textlint's messages (line, column, message). */
export async function checkProse(text, filePath) {
  if (!mayHoldPhrase(text)) return [];
  const { messages } = await kernel.lintText(text, { filePath, ext: extname(filePath), plugins, rules });
  return messages;
}
