import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassMethod, CustomElementField } from 'custom-elements-manifest';
import {
  elementPackages,
  elementsManifest,
  elementsOf,
} from '../../../../.config/elements/elements-manifest.js';
import type { ElementDeclaration } from '../../../../.config/elements/elements-manifest.js';

// Own: @custom-elements-manifest/to-markdown 0.1 prints every member, and Vue reads the braces in its code spans.

type Cells = readonly (string | undefined)[];

interface Described {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
}

/** Writes a page for each tag, from the custom-elements manifest. @throws Error when the analyzer fails. */
export async function writeElementPages(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const library of elementPackages())
    for (const element of elementsOf(await elementsManifest(library)))
      writeFileSync(join(folder, `${element.tagName}.md`), elementPage(element));
}

function elementPage({
  tagName,
  description = '',
  members,
  attributes = [],
  ...element
}: ElementDeclaration): string {
  const own = members.filter((member) => !member.static && member.inheritedFrom === undefined);
  const fields = own.filter((member): member is CustomElementField => member.kind === 'field');
  const methods = own.filter((member): member is ClassMethod => member.kind === 'method');
  const inherited = members.filter(({ inheritedFrom }) => inheritedFrom?.name === 'MediaElement');
  const ofOwnField = attributes.filter(({ fieldName }) => fields.some(({ name }) => name === fieldName));
  const named = (items: readonly Described[] = []): Cells[] =>
    items.map(({ name, description: what }) => [name === '' ? '(default)' : code(name), what]);
  return [
    `# \`<${tagName}>\``,
    '> Generated from the docstrings of the element by the custom-elements manifest.',
    description,
    table(
      'Attributes',
      ofOwnField.map(({ name, fieldName, type, default: value, description: what }) => [
        code(name),
        withDetails(
          what,
          code(type?.text),
          `default ${describeDefault(value)}`,
          `property ${code(fieldName)}`,
        ),
      ]),
    ),
    table(
      'Properties',
      fields
        .filter(({ attribute }) => attribute === undefined)
        .map(({ name, type, readonly, description: what }) => [
          code(name),
          withDetails(what, code(type?.text), readonly ? 'read-only' : ''),
        ]),
    ),
    table(
      'Methods',
      methods.map((method) => [
        code(`${method.name}()`),
        withDetails(method.description, code(signature(method))),
      ]),
    ),
    inherited.length === 0
      ? ''
      : `## As on \`<video>\`\n\n${[...new Set(inherited.map(({ name }) => name))].sort().map(code).join(', ')}; and the media events.`,
    table('Events', named(element.events)),
    table('Slots', named(element.slots)),
    table('Parts', named(element.cssParts)),
    table(
      'Custom properties',
      (element.cssProperties ?? []).map((each) => [code(each.name), code(each.default), each.description]),
      ['name', 'default', 'what'],
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** A default is a value, or words such as "the file name of `src`". */
function describeDefault(value: string | undefined): string | undefined {
  return value?.startsWith('the ') ? value : code(value);
}

function signature({ name, parameters = [], return: result }: ClassMethod): string {
  const list = parameters.map((parameter) => {
    // A destructured parameter has its pattern for a name.
    const label = parameter.name.startsWith('{') ? 'options' : parameter.name;
    const mark = parameter.optional === true || parameter.default !== undefined ? '?' : '';
    return `${label}${mark}: ${parameter.type?.text ?? 'unknown'}`;
  });
  return `${name}(${list.join(', ')}): ${result?.type?.text ?? 'void'}`;
}

/** Types stand below the sentence: as columns they would leave it no room. */
function withDetails(description = '', ...details: readonly string[]): string {
  const small = `<small>${details.filter((detail) => detail !== '').join(', ')}</small>`;
  return description === '' ? small : `${description}<br />${small}`;
}

function table(title: string, rows: readonly Cells[], columns: Cells = ['name', 'what']): string {
  if (rows.length === 0) return '';
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => {
    const texts = cells.map((cell = '') => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' '));
    return `| ${texts.join(' | ')} |`;
  });
  return `## ${title}\n\n${lines.join('\n')}`;
}

/** Vue reads double braces in text, also in a code span. */
function code(text = ''): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return text === '' ? '' : `<code v-pre>${escaped}</code>`;
}
