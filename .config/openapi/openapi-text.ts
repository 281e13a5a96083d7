import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';
import {
  describedTypes,
  tokenEndpointDocument,
} from '@gatecast/contract/internal/openapi/token-endpoint-document';

// Own: ts-json-schema-generator makes the schemas; no tool knows the one endpoint that they belong to.

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Path of the committed document. */
export const openApiPath = `${root}packages/contract/openapi.json`;

/** The text of the OpenAPI document, made from the types and docstrings of @gatecast/contract. */
export async function openApiText(): Promise<string> {
  const generator = createGenerator({
    path: `${root}packages/contract/src/index.ts`,
    tsconfig: `${root}tsconfig.json`,
    // npm run typecheck does that.
    skipTypeCheck: true,
    // An answer may gain members in a later version.
    additionalProperties: true,
    encodeRefs: false,
  });
  const definitions = new Map(
    describedTypes.flatMap((type) => Object.entries(generator.createSchema(type).definitions ?? {})),
  );
  const schemas = JSON.parse(
    JSON.stringify(Object.fromEntries(definitions)).replaceAll('"#/definitions/', '"#/components/schemas/'),
  ) as Record<string, Record<string, unknown>>;
  const manifest = JSON.parse(readFileSync(`${root}packages/contract/package.json`, 'utf8')) as {
    version: string;
  };
  const text = JSON.stringify(tokenEndpointDocument(schemas, manifest.version));
  return format(text, { ...(await resolveConfig(openApiPath)), filepath: openApiPath });
}
