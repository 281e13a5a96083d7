import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isNumericDate, streamNameFault } from '@gatecast/contract';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiPath, openApiText } from '../../.config/openapi/openapi-text.js';
import { document, documented, faultsOf, operation } from './support/openapi-schemas.js';

describe('the OpenAPI document', () => {
  it('matches the types of the contract (npm run openapi updates it)', async () => {
    assert.equal(readFileSync(openApiPath, 'utf8'), await openApiText());
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openApiPath);
    assert.deepEqual(errors ?? [], []);
    assert.equal(valid, true);
    assert.equal(validator.version, '3.1');
  });

  it('has examples that match its schemas', () => {
    const { requestBody, responses } = operation();
    const contents = [requestBody, ...Object.values(responses)].flatMap(({ content }) =>
      Object.keys(content).map((type) => documented({ content }, type)),
    );
    let count = 0;
    for (const { schema, examples } of contents) {
      for (const [name, value] of examples) {
        assert.deepEqual(faultsOf(value, schema), [], name);
        count += 1;
      }
    }
    for (const [schema, { examples = [] }] of Object.entries(document.components.schemas)) {
      for (const value of examples) assert.deepEqual(faultsOf(value, schema), [], schema);
    }
    assert.ok(count > 20);
  });

  it('has the rules for stream names and times that the code has', () => {
    const names = [
      '',
      'a',
      '.',
      '..',
      '...',
      'a/../b',
      'a/%2e%2E',
      'a..b',
      'a\nb',
      'a\u0085',
      'ä 📺',
      'a'.repeat(256),
      'a'.repeat(257),
    ];
    for (const name of names) {
      const isValid = faultsOf(name, 'StreamName').length === 0;
      assert.equal(isValid, streamNameFault(name) === null, JSON.stringify(name));
    }
    for (const value of [-1, 0, 1.5, 1_708_457_000, 1e11, 1e11 + 1, 1_708_457_000_000, '1708457000', null]) {
      assert.equal(faultsOf(value, 'NumericDate').length === 0, isNumericDate(value), String(value));
    }
  });

  it('requires something that authorizes in each item', () => {
    assert.notDeepEqual(faultsOf({ tokens: [{ stream: 'a', expiresAt: 1 }] }, 'TokenResponse'), []);
    assert.notDeepEqual(faultsOf({ tokens: [{ stream: 'a', security: {} }] }, 'TokenResponse'), []);
    assert.deepEqual(
      faultsOf({ tokens: [{ stream: 'a', security: { jwtoken: 'j' } }] }, 'TokenResponse'),
      [],
    );
  });

  it('accepts fields of a CDN, and refuses what clients refuse', () => {
    const faults = (place: object) => faultsOf({ tokens: [{ stream: 'a', ...place }] }, 'TokenResponse');
    for (const right of [
      { query: { sig: 'a%20b' } },
      { headers: { 'X-Token': 'Bearer x' } },
      { path: '/t=1&expires=2' },
      { path: 'eyJh.eyJi.c' },
      { cookie: true },
      { url: 'https://cdn.example/a.m3u8?sig=x' },
      { token: 't', origins: ['https://cdn.example:8443'] },
    ])
      assert.deepEqual(faults(right), [], Object.keys(right).join());
    for (const wrong of [
      { origins: ['https://cdn.example'] },
      { query: { sig: 'a b' } },
      { query: {} },
      { headers: { 'X Token': 'x' } },
      { headers: { 'X-Token': 'a\nb' } },
      { path: '//other.example' },
      { path: '/a?b' },
      { cookie: 'c=1' },
      { url: 'https://cdn.example/a b' },
      { token: 't', origins: [] },
      { token: 't', origins: ['https://cdn.example/live'] },
    ])
      assert.notDeepEqual(faults(wrong), [], JSON.stringify(wrong));
    assert.deepEqual(faultsOf({ url: 'https://cdn.example/a.m3u8?sig=x', expiresAt: 1 }, 'TokenAnswer'), []);
    assert.notDeepEqual(faultsOf({ expiresAt: 1 }, 'TokenAnswer'), []);
  });
});
