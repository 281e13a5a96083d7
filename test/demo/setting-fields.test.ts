import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playerFields, webcasterFields } from '../../demo/shared/settings/setting-fields.js';

const fields = [...playerFields, ...webcasterFields];

describe('the fields of the settings forms', () => {
  it('limit every number', () => {
    const numbers = fields.filter(({ kind }) => kind === 'number');
    assert.ok(numbers.length > 0, 'there are number fields');
    for (const { name, range } of numbers) {
      assert.ok(range && range[0] < range[1], `${name} has a least and a greatest value`);
    }
  });

  it('suggest numbers within their limits', () => {
    for (const { name, range, placeholder } of fields) {
      if (!range) continue;
      const suggested = Number.parseInt(placeholder ?? '', 10);
      assert.ok(suggested >= range[0] && suggested <= range[1], `${name}: ${placeholder}`);
    }
  });

  it('offer a URL keyboard for every URL', () => {
    const urls = fields.filter(({ name }) => /^(?:.*-)?(?:src|url)$|^(?:endpoint|poster)$/.test(name));
    assert.ok(urls.length >= 6, 'there are URL fields');
    for (const { name, kind } of urls) assert.equal(kind, 'url', name);
  });
});
