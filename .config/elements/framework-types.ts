import { MEDIA_EVENTS } from '@gatecast/player/internal/media/media-output';
import type { Package } from 'custom-elements-manifest';
import { elementsOf } from './elements-manifest.js';
import type { ElementDeclaration } from './elements-manifest.js';

// Own: @wc-toolkit/jsx-types 1.8 does not import our event classes, custom-element-vuejs-integration 1.4 and
// custom-element-svelte-integration 1.2 make each event a CustomEvent (and Svelte's listeners those of Svelte 4), and
// none takes a number as text in an attribute.

/** A framework whose templates know a tag once a declaration file is imported. */
export const frameworks = ['react', 'vue', 'svelte', 'astro'] as const;
type Framework = (typeof frameworks)[number];

const attributesOf = (base: string, name: string): string =>
  `Omit<${base}, keyof ${name}Properties> & ${name}Properties`;

interface Template {
  readonly imports: string;
  /** What is declared, with TAGS in it. */
  readonly module: string;
  readonly tag: (element: ElementDeclaration) => string;
  /** What `<source>` gets for the entries of a player, and content for its slots. */
  readonly source?: string;
}

const templates: Readonly<Record<Framework, Template>> = {
  // React 18 and 19 both look tags up in React.JSX. Only 19 sets properties and listens to events of custom elements;
  // for 18 there is @gatecast/react.
  react: {
    imports: "import type { DetailedHTMLProps, DOMAttributes, HTMLAttributes } from 'react';",
    module: "module 'react' { namespace JSX { interface IntrinsicElements { TAGS } } SOURCE }",
    tag: ({ name }) =>
      attributesOf(`Omit<DetailedHTMLProps<HTMLAttributes<${name}>, ${name}>, UnheardEvents>`, name),
    source: 'interface SourceHTMLAttributes<T> { label?: string | undefined }',
  },
  vue: {
    imports: "import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';",
    module: "module 'vue' { interface GlobalComponents { TAGS } SOURCE }",
    tag: ({ name }) => `new () => ${name} & {
  /** @deprecated For the template compiler only; not there at run time. */
  $props: ${attributesOf('HTMLAttributes', name)} & PublicProps;
  /** @deprecated For the template compiler only; not there at run time. */
  $emit: EmitFn<{ [Type in keyof ${name}Events]: (event: ${name}Events[Type]) => void }>;
}`,
    source: `interface SourceHTMLAttributes { label?: string | undefined; [Data: \`data-\${string}\`]: unknown }
  interface HTMLAttributes { slot?: string | undefined }`,
  },
  svelte: {
    imports: "import type { HTMLAttributes } from 'svelte/elements';",
    module: "module 'svelte/elements' { interface SvelteHTMLElements { TAGS } SOURCE }",
    tag: ({ name }) => attributesOf(`HTMLAttributes<${name}>`, name),
    source: 'interface HTMLSourceAttributes { label?: string | undefined | null }',
  },
  // Astro writes markup: attributes only. Its types are global, and it has them in the project itself.
  astro: {
    imports: '',
    module: `global { namespace astroHTML.JSX {
  interface HTMLAttributes {}
  interface DefinedIntrinsicElements { TAGS }
  SOURCE
} }`,
    tag: ({ name }) => `Omit<HTMLAttributes, keyof ${name}Properties> & ${name}Properties`,
    source: 'interface SourceHTMLAttributes { label?: string | undefined | null }',
  },
};

/** Does it have the members and events of `<video>`, and entries as `<source>` children? */
const isMediaElement = ({ superclass }: ElementDeclaration): boolean => superclass?.name === 'MediaElement';

/**
 * React's listeners that no custom element has: React calls them only on elements of the browser that dispatch the event.
 * test/packages/react-hidden.ci.test.ts compares this with React.
 */
const unheardEvents = `
/** React does not call these for a custom element: write \`onplaying\`, not \`onPlaying\`. */
type UnheardEvents = keyof {
  [Key in keyof DOMAttributes<HTMLElement> as Lowercase<Key> extends ${['load', 'error', ...MEDIA_EVENTS]
    .map((event) => `'on${event}'`)
    .join(' | ')} ? Key : never]: unknown;
};
`;

/** Writes a member of an interface with its docstring. */
function member(name: string, type: string, description = '', mark = '?'): string {
  const doc = description === '' ? '' : `  /** ${description.replaceAll(/\s+/g, ' ')} */\n`;
  return `${doc}  '${name}'${mark}: ${type};`;
}

type Field = Extract<ElementDeclaration['members'][number], { kind: 'field' }>;

/** The properties that a page can set. */
const fieldsOf = ({ members }: ElementDeclaration): Field[] =>
  members.filter((each) => each.kind === 'field').filter((field) => !field.static && !field.readonly);

const attributeType = ({ name }: ElementDeclaration, field: string): string =>
  `AttributeValue<${name}['${field}']> | undefined`;

function propertyMembers(
  element: ElementDeclaration,
  framework: Framework,
  isLeftOut: (name: string) => boolean,
): string[] {
  const { name, attributes = [] } = element;
  // Vue checks an attribute in markup as the property that it belongs to.
  const isAttribute = (field: string): boolean =>
    framework === 'vue' && attributes.some(({ fieldName }) => fieldName === field);
  return fieldsOf(element)
    .filter((each) => !isLeftOut(each.name))
    .map(({ name: field, description }) =>
      member(
        field,
        isAttribute(field) ? attributeType(element, field) : `${name}['${field}'] | undefined`,
        description,
      ),
    );
}

/** The attributes whose names are not among `taken`. */
function attributeMembers(element: ElementDeclaration, taken: readonly string[]): string[] {
  return (element.attributes ?? [])
    .filter(({ name }) => !taken.includes(name))
    .map(({ name, fieldName, description }) =>
      member(
        name,
        fieldName === undefined ? 'string | undefined' : attributeType(element, fieldName),
        description,
      ),
    );
}

function eventMembers({ name, events = [] }: ElementDeclaration): string[] {
  return events.map((event) =>
    member(
      `on${event.name}`,
      `((event: ${name}Events['${event.name}']) => void) | undefined`,
      event.description,
    ),
  );
}

const reactMediaEvents = [...MEDIA_EVENTS, 'error'].map((event) => `on${event}`);

/** What React takes besides for a tag with the events of `<video>`. */
const reactMediaMembers = ({ name }: ElementDeclaration): string[] => [
  member('autoPlay', `${name}['autoplay'] | undefined`, 'As `autoplay`.'),
  ...reactMediaEvents.map((event) => member(event, '((event: Event) => void) | undefined', '')),
];

function membersOf(element: ElementDeclaration, framework: Framework): string[] {
  if (framework === 'astro') return attributeMembers(element, []);
  const names = fieldsOf(element).map(({ name }) => name);
  // React adds a listener for what begins with `on`, also where there is such a property.
  const isListener = (name: string): boolean => framework === 'react' && reactMediaEvents.includes(name);
  return [
    ...propertyMembers(element, framework, isListener),
    ...attributeMembers(element, names),
    // Vue has $emit for listeners.
    ...(framework === 'vue' ? [] : eventMembers(element)),
    ...(framework === 'react' && isMediaElement(element) ? reactMediaMembers(element) : []),
  ];
}

function interfacesOf(element: ElementDeclaration, framework: Framework): string {
  const { name, tagName, events = [] } = element;
  return `/** Events of \`<${tagName}>\` beside those of media elements. */
export interface ${name}Events {
${events.map((event) => member(event.name, event.type.text, '', '')).join('\n')}
}

/** Attributes and properties of \`<${tagName}>\`. */
export interface ${name}Properties {
${membersOf(element, framework).join('\n')}
}
`;
}

/** The declaration file that makes a package's tags known to a framework's templates. */
export function frameworkTypes(manifest: Package, framework: Framework): string {
  const { imports, module, tag, source = '' } = templates[framework];
  const elements = elementsOf(manifest);
  const classes = elements.flatMap(({ name, events = [] }) => [name, ...events.map(({ type }) => type.text)]);
  const ownClasses = [...new Set(classes)].filter((name) => name !== 'Event');
  const tags = elements.map((element) => `\n'${element.tagName}': ${tag(element)};\n`).join('');
  return `// Generated from custom-elements.json.
${imports}
import type { ${ownClasses.join(', ')} } from './index.js';

/** What an attribute takes: a number also as text, as in markup. */
type AttributeValue<Value> = Value | (number extends Value ? \`\${number}\` : never);
${framework === 'react' ? unheardEvents : ''}
${elements.map((element) => interfacesOf(element, framework)).join('\n')}
declare ${module.replace('TAGS', () => tags).replace('SOURCE', elements.some(isMediaElement) ? source : '')}
`;
}
