import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface MediaType {
  readonly schema: { readonly $ref: string };
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}

interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, MediaType>>;
}

interface Operation {
  readonly requestBody: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly examples?: unknown[] }>> };
}

/** The committed document of the token endpoint. */
export const document = JSON.parse(
  readFileSync(new URL('../../../packages/contract/openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument;

const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
ajv.addSchema(document, 'openapi');

/** What is wrong with a value by a schema of the document, `[]` for nothing. Never quotes the value. */
export function faultsOf(value: unknown, schema: string): string[] {
  const validate = ajv.compile({ $ref: `openapi#/components/schemas/${schema}` });
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** The only operation. */
export function operation(): Operation {
  const [path] = Object.values(document.paths);
  if (!path) throw new Error('The document has no path.');
  return path.post;
}

/** Name of the schema that a response is documented with, and the names and values of its examples. */
export function documented(
  response: DocumentedResponse | undefined,
  contentType: string,
): { schema: string; examples: Map<string, unknown> } {
  const content = response?.content[contentType];
  if (!content) throw new Error(`No ${contentType} is documented.`);
  const examples = Object.entries(content.examples).map(([name, { value }]) => [name, value] as const);
  return { schema: content.schema.$ref.split('/').at(-1) ?? '', examples: new Map(examples) };
}
