import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readServerSettings } from '../../demo/server/server-settings.js';

describe('the settings of npm start', () => {
  it('have defaults', () => {
    const defaults = { port: 5173, tokenTtlSeconds: 30 };
    assert.deepEqual(readServerSettings({}), defaults);
    assert.deepEqual(readServerSettings({ PORT: '', TOKEN_TTL: ' ' }), defaults);
  });

  it('are read from PORT and TOKEN_TTL', () => {
    assert.deepEqual(readServerSettings({ PORT: '0', TOKEN_TTL: '6' }), { port: 0, tokenTtlSeconds: 6 });
  });

  it('are refused with the name of the variable', () => {
    for (const PORT of ['http', '70000', '-1', '1.5']) {
      assert.throws(() => readServerSettings({ PORT }), /^RangeError: PORT must be/);
    }
    assert.throws(() => readServerSettings({ TOKEN_TTL: '0' }), /^RangeError: TOKEN_TTL must be/);
  });
});
