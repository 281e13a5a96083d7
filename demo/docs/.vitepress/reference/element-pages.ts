import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassMethod, CustomElementField } from 'custom-elements-manifest';
import {
  elementPackages,
  elementsManifest,
  elementsOf,
} from '../../../../.config/elements/elements-manifest.js';
import type { ElementDeclaration } from '../../../../.config/elements/elements-manifest.js';
import { elementExamples, type ElementExamples } from './element-examples.js';

// Own: @custom-elements-manifest/to-markdown 0.1 prints every member, and Vue reads the braces in its code spans.

type Cells = readonly (string | undefined)[];

interface Described {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
}

/** Attributes of the HTML standard: what they do is described there. */
const STANDARD = 'autoplay controls crossorigin height loop muted playsinline poster preload src width'.split(
  ' ',
);

/** The settings of the webcaster are a class of their own, in a file of their own. */
const isOwn = ({ inheritedFrom }: Pick<CustomElementField, 'inheritedFrom'>): boolean =>
  inheritedFrom === undefined || inheritedFrom.name === 'WebcasterElement';

/** What the page of a tag lists, each once: its own members, and attributes that `<video>` does not have. */
export function listedMembers({ members, attributes = [], events = [] }: ElementDeclaration) {
  const own = members.filter((member) => !member.static && isOwn(member));
  const fields = own.filter((member): member is CustomElementField => member.kind === 'field');
  const names = new Set(fields.map(({ name }) => name));
  return {
    attributes: attributes.filter(
      ({ name, fieldName = '' }) => names.has(fieldName) || !STANDARD.includes(name),
    ),
    properties: fields.filter(({ attribute }) => attribute === undefined),
    methods: own.filter((member): member is ClassMethod => member.kind === 'method'),
    events,
  };
}

/** Writes a page for each tag, from the custom-elements manifest. @throws Error when the analyzer fails. */
export async function writeElementPages(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const library of elementPackages())
    for (const element of elementsOf(await elementsManifest(library)))
      writeFileSync(join(folder, `${element.tagName}.md`), elementPage(element));
}

/** The page of a tag, in markdown. */
export function elementPage(declaration: ElementDeclaration): string {
  const { tagName, description = '', members, ...element } = declaration;
  const { attributes, properties, methods, events } = listedMembers(declaration);
  const examples = elementExamples[tagName];
  const listed = new Set(attributes.map(({ fieldName }) => fieldName));
  const inherited = members.filter(
    ({ name, inheritedFrom }) => inheritedFrom?.name === 'MediaElement' && !listed.has(name),
  );
  const named = (items: readonly Described[] = []): Cells[] =>
    items.map(({ name, description: what }) => [name === '' ? '(default)' : code(name), what]);
  const exampleOf = (kind: keyof ElementExamples, name: string): string => {
    const text = examples?.[kind][name] ?? '';
    if (kind === 'attributes') return text && example(`<${tagName} ${text}></${tagName}>`);
    const element = tagName.replace('secure-', '');
    return (
      text && example(kind === 'events' ? `${element}.addEventListener('${name}', (e) => ${text});` : text)
    );
  };
  return [
    `# \`<${tagName}>\``,
    '> Generated from the docstrings of the element by the custom-elements manifest.',
    description,
    table(
      'Attributes',
      attributes.map(({ name, fieldName, type, default: value, description: what }) => [
        anchored('attribute', name),
        withDetails(
          what,
          code(type?.text),
          `default ${describeDefault(value)}`,
          `property ${code(fieldName)}`,
        ) + exampleOf('attributes', name),
      ]),
    ),
    table(
      'Properties',
      properties.map(({ name, type, readonly, description: what }) => [
        anchored('property', name),
        withDetails(what, code(type?.text), readonly ? 'read-only' : '') + exampleOf('properties', name),
      ]),
    ),
    table(
      'Methods',
      methods.map((method) => [
        anchored('method', method.name, '()'),
        withDetails(method.description, code(signature(method))) + exampleOf('methods', method.name),
      ]),
    ),
    inherited.length === 0
      ? ''
      : `## As on \`<video>\`\n\n${[...new Set(inherited.map(({ name }) => name))].sort().map(code).join(', ')}; and the media events.`,
    table(
      'Events',
      events.map(({ name, description: what, type }) => [
        anchored('event', name),
        withDetails(what, code(type.text)) + exampleOf('events', name),
      ]),
    ),
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

/** The name of a member, which is also a link to itself: its address stays the same. */
function anchored(kind: string, name: string, suffix = ''): string {
  const id = `${kind}-${name.toLowerCase()}`;
  return `<a id="${id}" href="#${id}">${code(name + suffix)}</a>`;
}

function example(text: string): string {
  // Markdown would make a link of an address.
  return `<br /><small>Example: ${code(text).replaceAll('://', '&#58;//')}</small>`;
}
