import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createRevocationHandler, createRevocations } from '@gatecast/server';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Content {
  readonly content: Readonly<
    Record<
      string,
      { readonly schema: object; readonly examples?: Readonly<Record<string, { value: unknown }>> }
    >
  >;
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

const document = JSON.parse(
  readFileSync(new URL('../../packages/server/admin.openapi.json', import.meta.url), 'utf8'),
) as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

const ajv = new Ajv2020({ strict: false, validateSchema: false });
ajv.addSchema(document, 'admin');

function faultsOf(value: unknown, schema: object): string[] {
  const text = JSON.stringify(schema).replaceAll('"#/', '"admin#/');
  const validate = ajv.compile(JSON.parse(text) as object);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

const KEY = 'sentinel-admin-key-of-32-characters-or-more';
const handler = createRevocationHandler({ revocations: createRevocations(), key: KEY });

async function send(
  path: string,
  method: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await handler(
    new Request(`http://127.0.0.1:9101/admin${path}`, {
      method: method.toUpperCase(),
      headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  return { status: response.status, body: await response.json() };
}

describe('the OpenAPI document of the port for operators', () => {
  it('has examples that the routes accept, with responses as it describes them', async () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    assert.equal(operations.length, 3);
    for (const { path, method, operation } of operations) {
      const request = operation.requestBody?.content['application/json'];
      const examples = Object.values(request?.examples ?? { none: { value: undefined } });
      for (const { value } of examples) {
        if (request) assert.deepEqual(faultsOf(value, request.schema), [], path);
        const { status, body } = await send(path, method, value);
        assert.equal(status, 200, path);
        assert.deepEqual(
          faultsOf(body, operation.responses['200']?.content['application/json']?.schema ?? {}),
          [],
          path,
        );
      }
    }
  });

  it('describes what is refused', async () => {
    const schema = { $ref: '#/components/schemas/RevokeRequest' };
    for (const wrong of [
      {},
      { user: '' },
      { user: 'u', code: 'x' },
      { user: 'u', users: 1 },
      { reason: 'x' },
    ]) {
      assert.notDeepEqual(faultsOf(wrong, schema), [], JSON.stringify(wrong));
      const { status, body } = await send('/revoke', 'post', wrong);
      assert.equal(status, 400);
      assert.deepEqual(faultsOf(body, { $ref: '#/components/schemas/Problem' }), []);
    }
  });
});
