import { extname } from 'node:path';
import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import html from 'textlint-plugin-html';
import { bannedPhrases } from './banned-phrases.js';
import { SourceText } from './source-text.js';

const kernel = new TextlintKernel();
const plugins = [
  { pluginId: 'markdown', plugin: markdown.default ?? markdown },
  { pluginId: 'html', plugin: html.default ?? html },
  { pluginId: 'source-text', plugin: { Processor: SourceText } },
];
const rules = [{ ruleId: 'banned-phrases', rule: bannedPhrases }];

/** Checks one text by the format that its path names; resolves with textlint's messages (line, column, message). */
export async function checkProse(text, filePath) {
  const { messages } = await kernel.lintText(text, { filePath, ext: extname(filePath), plugins, rules });
  return messages;
}
