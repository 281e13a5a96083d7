import type {
  ElementDeclaration,
  ElementsManifest,
  ManifestAttribute,
  ManifestDeclaration,
  ManifestMember,
} from './elements-manifest.js';

/** What a class knows about its attributes and the analyzer, which only reads its text, does not. */
export interface ElementClass {
  readonly observedAttributes: readonly string[];
  readonly elementProperties: ReadonlyMap<PropertyKey, { readonly attribute?: boolean | string }>;
}

const isPublic = ({ name, privacy }: ManifestMember): boolean =>
  !name.startsWith('#') && (privacy ?? 'public') === 'public';

/** `secure-token-failed` is dispatched as a `SecureTokenFailedEvent`. */
const eventClass = (type: string): string =>
  `${type.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Event`;

function fieldOf(attribute: string, { elementProperties }: ElementClass, members: readonly ManifestMember[]) {
  for (const [name, { attribute: named }] of elementProperties) {
    const spelled = named === undefined || named === true ? String(name).toLowerCase() : named;
    if (spelled === attribute) return String(name);
  }
  return members.find(({ name }) => name.toLowerCase() === attribute)?.name;
}

function completeElement(declaration: ElementDeclaration, elementClass: ElementClass): ElementDeclaration {
  const events = (declaration.events ?? []).filter(({ name }) => (name as string | undefined)?.includes('-'));
  const members = (declaration.members ?? []).filter(isPublic);
  const attributes = elementClass.observedAttributes.map((name): ManifestAttribute => {
    const fieldName = fieldOf(name, elementClass, members);
    const { type, description, default: value } = members.find((member) => member.name === fieldName) ?? {};
    return {
      name,
      ...(fieldName !== undefined && { fieldName }),
      ...(type && { type }),
      ...(description !== undefined && { description }),
      ...(value !== undefined && { default: value }),
    };
  });
  const attributeOf = new Map(attributes.map(({ name, fieldName }) => [fieldName, name]));
  return {
    ...declaration,
    attributes,
    events: events.map((event) => ({ ...event, type: { text: eventClass(event.name) } })),
    members: members.map(({ attribute: _, ...member }) => {
      const attribute = attributeOf.get(member.name);
      return attribute === undefined ? member : { ...member, attribute };
    }),
  };
}

/**
 * Gives each tag of an analyzer's manifest what only the running class can tell (its observed attributes), the classes
 * of its events, and none of its private members.
 *
 * @throws Error when there is no class for a tag.
 */
export function completeElementsManifest(
  manifest: ElementsManifest,
  classes: ReadonlyMap<string, ElementClass>,
): ElementsManifest {
  const complete = (declaration: ManifestDeclaration): ManifestDeclaration => {
    const { tagName } = declaration;
    if (tagName === undefined) return declaration;
    const elementClass = classes.get(declaration.name);
    if (!elementClass) throw new Error(`The package exports no class ${declaration.name} for <${tagName}>.`);
    return completeElement({ ...declaration, tagName }, elementClass);
  };
  const modules = manifest.modules.map((module) =>
    module.declarations ? { ...module, declarations: module.declarations.map(complete) } : module,
  );
  return { ...manifest, modules };
}
