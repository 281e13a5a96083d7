import { elementsOf, settableFields } from './elements-manifest.js';
import type { ElementDeclaration, ElementsManifest } from './elements-manifest.js';

/** A framework whose templates know a tag once a declaration file is imported. */
export type Framework = 'react' | 'vue' | 'svelte';

interface Template {
  readonly imports: string;
  /** Around the tags. */
  readonly frame: (tags: string) => string;
  readonly tag: (element: ElementDeclaration) => string;
  /** Name of the property that listens to an event, where listeners are properties. */
  readonly listener?: (event: string) => string;
  /** Is an attribute in markup checked as the property that it belongs to? */
  readonly hasCamelCaseAttributes?: boolean;
}

const templates: Readonly<Record<Framework, Template>> = {
  // React 18 and 19 both look tags up in React.JSX. Only 19 sets properties and listens to events of custom elements;
  // for 18 there is @gatecast/react.
  react: {
    imports: "import type { DetailedHTMLProps, HTMLAttributes } from 'react';",
    frame: (tags) =>
      `declare module 'react' {\n  namespace JSX {\n    interface IntrinsicElements {\n${tags}\n    }\n  }\n}`,
    tag: ({ tagName, name }) =>
      `      '${tagName}': Omit<DetailedHTMLProps<HTMLAttributes<${name}>, ${name}>, keyof ${name}Properties> & ${name}Properties;`,
    listener: (event) => `on${event}`,
  },
  vue: {
    hasCamelCaseAttributes: true,
    imports: "import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';",
    frame: (tags) => `declare module 'vue' {\n  interface GlobalComponents {\n${tags}\n  }\n}`,
    tag: ({ tagName, name }) =>
      [
        `    '${tagName}': new () => ${name} & {`,
        '      /** @deprecated For the template compiler only; not there at run time. */',
        `      $props: Omit<HTMLAttributes, keyof ${name}Properties> & ${name}Properties & PublicProps;`,
        '      /** @deprecated For the template compiler only; not there at run time. */',
        `      $emit: EmitFn<{ [Type in keyof ${name}Events]: (event: ${name}Events[Type]) => void }>;`,
        '    };',
      ].join('\n'),
  },
  svelte: {
    imports: "import type { HTMLAttributes } from 'svelte/elements';",
    frame: (tags) => `declare module 'svelte/elements' {\n  interface SvelteHTMLElements {\n${tags}\n  }\n}`,
    tag: ({ tagName, name }) =>
      `    '${tagName}': Omit<HTMLAttributes<${name}>, keyof ${name}Properties> & ${name}Properties;`,
    listener: (event) => `on${event}`,
  },
};

/** What stands in markup is text, where a property of the same meaning takes a number alone. */
const attributeValue = `/** What an attribute takes: a number also as text. */
type AttributeValue<Value> = Value | (number extends Value ? \`\${number}\` : never);`;

/** Writes a property of an interface with its docstring. */
function property(name: string, type: string, description = ''): string {
  const key = /^[a-z]\w*$/i.test(name) ? name : `'${name}'`;
  const doc = description === '' ? '' : `  /** ${description.replaceAll(/\s+/g, ' ')} */\n`;
  return `${doc}  ${key}?: ${type};`;
}

function propertiesOf(
  element: ElementDeclaration,
  { listener, hasCamelCaseAttributes = false }: Template,
): string {
  const { name, attributes = [], events = [] } = element;
  const fields = settableFields(element);
  const fieldNames = new Set(fields.map((field) => field.name));
  const asAttribute = (fieldName: string): string => `AttributeValue<${name}['${fieldName}']> | undefined`;
  const isAttribute = (fieldName: string): boolean =>
    hasCamelCaseAttributes && attributes.some((attribute) => attribute.fieldName === fieldName);
  const members = [
    ...fields.map((field) =>
      property(
        field.name,
        isAttribute(field.name) ? asAttribute(field.name) : `${name}['${field.name}'] | undefined`,
        field.description,
      ),
    ),
    ...attributes
      .filter((attribute) => !fieldNames.has(attribute.name))
      .map((attribute) =>
        property(
          attribute.name,
          attribute.fieldName === undefined ? 'string | undefined' : asAttribute(attribute.fieldName),
          attribute.description,
        ),
      ),
    ...(listener
      ? events.map((event) =>
          property(
            listener(event.name),
            `((event: ${name}Events['${event.name}']) => void) | undefined`,
            event.description,
          ),
        )
      : []),
  ];
  return `/** Attributes and properties of \`<${element.tagName}>\`. */\nexport interface ${name}Properties {\n${members.join('\n')}\n}`;
}

function eventsOf({ tagName, name, events = [] }: ElementDeclaration): string {
  const members = events.map((event) => `  '${event.name}': ${event.type?.text ?? 'Event'};`);
  return `/** Events of \`<${tagName}>\` beside those of media elements. */\nexport interface ${name}Events {\n${members.join('\n')}\n}`;
}

/** The declaration file that makes a package's tags known to a framework's templates. */
export function frameworkTypes(manifest: ElementsManifest, framework: Framework): string {
  const template = templates[framework];
  const elements = elementsOf(manifest);
  const names = elements.flatMap(({ name, events = [] }) => [
    name,
    ...events.map(({ type }) => type?.text ?? 'Event'),
  ]);
  return [
    '// Generated from custom-elements.json.',
    template.imports,
    `import type { ${[...new Set(names)].join(', ')} } from './index.js';`,
    '',
    attributeValue,
    '',
    ...elements.flatMap((element) => [eventsOf(element), '', propertiesOf(element, template), '']),
    template.frame(elements.map(template.tag).join('\n')),
    '',
  ].join('\n');
}
