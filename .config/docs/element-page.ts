/** The parts of a custom-elements manifest that a page needs. */
export interface ElementDeclaration {
  readonly tagName: string;
  readonly description?: string;
  readonly attributes?: readonly ManifestItem[];
  readonly members?: readonly ManifestMember[];
  readonly events?: readonly ManifestItem[];
  readonly slots?: readonly ManifestItem[];
  readonly cssParts?: readonly ManifestItem[];
  readonly cssProperties?: readonly ManifestItem[];
}

interface ManifestItem {
  readonly name?: string;
  readonly fieldName?: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

interface ManifestMember extends ManifestItem {
  readonly kind: 'field' | 'method';
  readonly privacy?: 'public' | 'protected' | 'private';
  readonly static?: boolean;
  readonly readonly?: boolean;
  readonly inheritedFrom?: { readonly name: string };
  readonly parameters?: readonly (ManifestItem & { readonly optional?: boolean })[];
  readonly return?: { readonly type?: { readonly text: string } };
}

type Cell = string | undefined;

/** Elements in a manifest, found by their tag. @throws TypeError when it is not a manifest. */
export function findElements(manifest: unknown): ElementDeclaration[] {
  const { modules } = manifest as {
    modules?: readonly { declarations?: readonly Partial<ElementDeclaration>[] }[];
  };
  if (!Array.isArray(modules)) throw new TypeError('This is no custom-elements manifest.');
  return modules
    .flatMap(
      ({ declarations = [] }: { declarations?: readonly Partial<ElementDeclaration>[] }) => declarations,
    )
    .filter((declaration): declaration is ElementDeclaration => declaration.tagName !== undefined);
}

/** The reference page of a tag. */
export function elementPage(element: ElementDeclaration): string {
  const { tagName, description = '', members = [], attributes = [], events = [] } = element;
  const own = members.filter(
    (member) =>
      (member.privacy ?? 'public') === 'public' && !member.static && member.inheritedFrom === undefined,
  );
  const fields = own.filter(({ kind }) => kind === 'field');
  const settable = attributes.filter(({ fieldName }) => fields.some(({ name }) => name === fieldName));
  const withoutAttribute = fields.filter(({ name }) => !settable.some(({ fieldName }) => fieldName === name));
  const methods = own.filter(({ kind }) => kind === 'method');
  const inherited = members.filter(({ inheritedFrom }) => inheritedFrom?.name === 'MediaElement').map(nameOf);

  return [
    `# \`<${tagName}>\``,
    '> Generated from the docstrings of the element by the custom-elements manifest.',
    description,
    section('Attributes', ['attribute', 'what'], settable.map(attributeRow)),
    section('Properties', ['property', 'what'], withoutAttribute.map(propertyRow)),
    section('Methods', ['method', 'what'], methods.map(methodRow)),
    passedOn(inherited),
    section('Events', ['event', 'what'], describeNamed(events)),
    section('Slots', ['slot', 'what'], describeNamed(element.slots, '(default)')),
    section('Parts', ['part', 'what'], describeNamed(element.cssParts)),
    section('Custom properties', ['property', 'default', 'what'], (element.cssProperties ?? []).map(cssRow)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** `tokenUrl` is `token-url` in markup; the analyzer does not run the function that says so. */
function attributeName({ name = '' }: ManifestItem): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function attributeRow(item: ManifestItem): Cell[] {
  const { fieldName, type, description } = item;
  const details = [code(type?.text), `default ${code(item.default)}`, `property ${code(fieldName)}`];
  return [code(attributeName(item)), withDetails(description, details)];
}

function propertyRow({ name, type, description, readonly: isReadOnly }: ManifestMember): Cell[] {
  return [code(name), withDetails(description, [code(type?.text), isReadOnly ? 'read-only' : ''])];
}

function methodRow({ name = '', parameters = [], return: answer, description }: ManifestMember): Cell[] {
  const list = parameters.map((parameter) => {
    // A destructured parameter has its pattern for a name.
    const label = parameter.name?.startsWith('{') ? 'options' : (parameter.name ?? '');
    const mark = parameter.optional || parameter.default !== undefined ? '?' : '';
    return `${label}${mark}: ${parameter.type?.text ?? 'unknown'}`;
  });
  const signature = `${name}(${list.join(', ')}): ${answer?.type?.text ?? 'void'}`;
  return [code(`${name}()`), withDetails(description, [code(signature)])];
}

/** Types stand below the sentence: as columns they would leave it no room. */
function withDetails(description: string | undefined, details: readonly string[]): string {
  const small = details.filter((detail) => detail !== '').join(', ');
  return `${description ?? ''}${description ? '<br />' : ''}<small>${small}</small>`;
}

function cssRow(item: ManifestItem): Cell[] {
  return [code(item.name), code(item.default), item.description];
}

/** Only with a name of our own: the analyzer also lists what it finds in `dispatchEvent` calls. */
function describeNamed(items: readonly ManifestItem[] = [], unnamed = ''): Cell[][] {
  return items
    .filter(({ name, description }) => name !== undefined && description !== undefined)
    .map(({ name, description }) => [name === '' ? unnamed : code(name), description]);
}

function passedOn(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `## As on \`<video>\`\n\n${[...new Set(names)].sort().map(code).join(', ')}; and the media events.`;
}

function section(title: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '';
  const lines = [columns, columns.map(() => '---'), ...rows].map(
    (row) =>
      `| ${row.map((cell) => (cell ?? '').replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`,
  );
  return `## ${title}\n\n${lines.join('\n')}`;
}

const nameOf = ({ name = '' }: ManifestItem): string => name;

/** Vue reads double braces in text, also in a code span. */
function code(text: string | undefined): string {
  return text === undefined || text === '' ? '' : `<code v-pre>${escapeHtml(text)}</code>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
