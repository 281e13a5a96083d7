/** The part of the custom-elements manifest that the build reads and writes. @see https://github.com/webcomponents/custom-elements-manifest */
export interface ElementsManifest {
  readonly schemaVersion: string;
  readonly modules: readonly ManifestModule[];
}

interface ManifestModule {
  readonly kind: 'javascript-module';
  readonly path: string;
  readonly declarations?: readonly ManifestDeclaration[];
}

interface Described {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

export interface ManifestMember extends Described {
  readonly kind: 'field' | 'method';
  readonly privacy?: 'public' | 'protected' | 'private';
  readonly static?: boolean;
  readonly readonly?: boolean;
  readonly attribute?: string;
}

export interface ManifestAttribute extends Described {
  readonly fieldName?: string;
}

export type ManifestEvent = Described;

export interface ManifestDeclaration extends Described {
  readonly kind: string;
  readonly tagName?: string;
  readonly members?: readonly ManifestMember[];
  readonly attributes?: readonly ManifestAttribute[];
  readonly events?: readonly ManifestEvent[];
}

/** A class that is a tag. */
export interface ElementDeclaration extends ManifestDeclaration {
  readonly tagName: string;
}

export function isElementsManifest(value: unknown): value is ElementsManifest {
  return typeof value === 'object' && value !== null && 'modules' in value && Array.isArray(value.modules);
}

const isElement = (declaration: ManifestDeclaration): declaration is ElementDeclaration =>
  declaration.tagName !== undefined;

/** The tags that a manifest describes. */
export function elementsOf(manifest: ElementsManifest): ElementDeclaration[] {
  return manifest.modules.flatMap(({ declarations = [] }) => declarations.filter(isElement));
}

/** Properties that a page may set: public, on the instance, writable. */
export function settableFields({ members = [] }: ManifestDeclaration): ManifestMember[] {
  return members.filter(
    (member) => member.kind === 'field' && member.static !== true && member.readonly !== true,
  );
}
