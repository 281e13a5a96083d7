import { extname } from 'node:path';
import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import html from 'textlint-plugin-html';
import { phrases, responsePhrases } from './phrases.js';
import { SourceText } from './source-text.js';

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

/** A runner of npm that would fetch a package named like our command, unless the package of the command is named. */
const BARE_COMMAND =
  /(?<![\w-])(?:npx|bunx|npm exec|pnpm dlx|yarn dlx)\s+(?:-{1,2}[\w-]*\s+)*gatecast(?![\w/-])/g;

/** Reads code, too: commands are in code spans and blocks. */
const commandsWithPackage = ({ Syntax, RuleError, getSource, locator, report }) => {
  const check = (node) => {
    for (const { 0: found, index } of getSource(node).matchAll(BARE_COMMAND)) {
      const padding = locator.range([index, index + found.length]);
      const instead =
        'write npx -p @gatecast/server gatecast: the bare name is a package that anyone may claim.';
      report(node, new RuleError(`"${found.replace(/\s+/g, ' ')}": ${instead}`, { padding }));
    }
  };
  return { [Syntax.Str]: check, [Syntax.Code]: check, [Syntax.CodeBlock]: check };
};

const kernel = new TextlintKernel();
const plugins = [
  { pluginId: 'markdown', plugin: markdown.default ?? markdown },
  { pluginId: 'html', plugin: html.default ?? html },
  { pluginId: 'source-text', plugin: { Processor: SourceText } },
];
const rules = [
  { ruleId: 'banned-phrases', rule: bannedPhrases },
  { ruleId: 'commands-with-package', rule: commandsWithPackage },
];

/** Checks one text in the format that its path names; resolves with textlint's messages (line, column, message). */
export async function checkProse(text, filePath) {
  const { messages } = await kernel.lintText(text, { filePath, ext: extname(filePath), plugins, rules });
  return messages;
}
