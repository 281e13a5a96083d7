import type { Package } from 'custom-elements-manifest';
import { elementsOf } from './elements-manifest.js';
import type { ElementDeclaration } from './elements-manifest.js';

// Own: @wc-toolkit/jsx-types 1.8 does not import our event classes, custom-element-vuejs-integration 1.4 and
// custom-element-svelte-integration 1.2 make each event a CustomEvent (and Svelte's listeners those of Svelte 4), and
// none takes a number as text in an attribute.

/** A framework whose templates know a tag once a declaration file is imported. */
export const frameworks = ['react', 'vue', 'svelte'] as const;
type Framework = (typeof frameworks)[number];

const attributesOf = (base: string, name: string): string =>
  `Omit<${base}, keyof ${name}Properties> & ${name}Properties`;

const templates: Readonly<
  Record<Framework, { imports: string; module: string; tag: (element: ElementDeclaration) => string }>
> = {
  // React 18 and 19 both look tags up in React.JSX. Only 19 sets properties and listens to events of custom elements;
  // for 18 there is @gatecast/react.
  react: {
    imports: "import type { DetailedHTMLProps, HTMLAttributes } from 'react';",
    module: "'react' { namespace JSX { interface IntrinsicElements { TAGS } } }",
    tag: ({ name }) => attributesOf(`DetailedHTMLProps<HTMLAttributes<${name}>, ${name}>`, name),
  },
  vue: {
    imports: "import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';",
    module: "'vue' { interface GlobalComponents { TAGS } }",
    tag: ({ name }) => `new () => ${name} & {
  /** @deprecated For the template compiler only; not there at run time. */
  $props: ${attributesOf('HTMLAttributes', name)} & PublicProps;
  /** @deprecated For the template compiler only; not there at run time. */
  $emit: EmitFn<{ [Type in keyof ${name}Events]: (event: ${name}Events[Type]) => void }>;
}`,
  },
  svelte: {
    imports: "import type { HTMLAttributes } from 'svelte/elements';",
    module: "'svelte/elements' { interface SvelteHTMLElements { TAGS } }",
    tag: ({ name }) => attributesOf(`HTMLAttributes<${name}>`, name),
  },
};

/** Writes a member of an interface with its docstring. */
function member(name: string, type: string, description = '', mark = '?'): string {
  const doc = description === '' ? '' : `  /** ${description.replaceAll(/\s+/g, ' ')} */\n`;
  return `${doc}  '${name}'${mark}: ${type};`;
}

function interfacesOf(element: ElementDeclaration, framework: Framework): string {
  const { name, tagName, members, attributes = [], events = [] } = element;
  const fields = members.filter((each) => each.kind === 'field' && !each.static && !each.readonly);
  const propertyType = (field: string): string => `${name}['${field}'] | undefined`;
  const attributeType = (field: string): string => `AttributeValue<${name}['${field}']> | undefined`;
  // Vue checks an attribute in markup as the property that it belongs to.
  const isAttribute = (field: string): boolean =>
    framework === 'vue' && attributes.some(({ fieldName }) => fieldName === field);
  const properties = [
    ...fields.map((field) =>
      member(
        field.name,
        (isAttribute(field.name) ? attributeType : propertyType)(field.name),
        field.description,
      ),
    ),
    ...attributes
      .filter((attribute) => !fields.some((field) => field.name === attribute.name))
      .map(({ name: attribute, fieldName, description }) =>
        member(
          attribute,
          fieldName === undefined ? 'string | undefined' : attributeType(fieldName),
          description,
        ),
      ),
    // Vue has $emit for listeners.
    ...(framework === 'vue' ? [] : events).map((event) =>
      member(
        `on${event.name}`,
        `((event: ${name}Events['${event.name}']) => void) | undefined`,
        event.description,
      ),
    ),
  ];
  return `/** Events of \`<${tagName}>\` beside those of media elements. */
export interface ${name}Events {
${events.map((event) => member(event.name, event.type.text, '', '')).join('\n')}
}

/** Attributes and properties of \`<${tagName}>\`. */
export interface ${name}Properties {
${properties.join('\n')}
}
`;
}

/** The declaration file that makes a package's tags known to a framework's templates. */
export function frameworkTypes(manifest: Package, framework: Framework): string {
  const { imports, module, tag } = templates[framework];
  const elements = elementsOf(manifest);
  const classes = elements.flatMap(({ name, events = [] }) => [name, ...events.map(({ type }) => type.text)]);
  const ownClasses = [...new Set(classes)].filter((name) => name !== 'Event');
  const tags = elements.map((element) => `\n'${element.tagName}': ${tag(element)};\n`).join('');
  return `// Generated from custom-elements.json.
${imports}
import type { ${ownClasses.join(', ')} } from './index.js';

/** What an attribute takes: a number also as text, as in markup. */
type AttributeValue<Value> = Value | (number extends Value ? \`\${number}\` : never);

${elements.map((element) => interfacesOf(element, framework)).join('\n')}
declare module ${module.replace('TAGS', () => tags)}
`;
}
