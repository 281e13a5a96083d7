import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readServerSettings } from '../../demo/server/server-settings.js';

describe('the settings of npm start', () => {
  it('have defaults', () => {
    const defaults = { port: 5173, tokenTtlSeconds: 30, allowedHosts: [] };
    assert.deepEqual(readServerSettings({}), defaults);
    assert.deepEqual(readServerSettings({ PORT: '', TOKEN_TTL: ' ' }), defaults);
  });

  it('are read from PORT, TOKEN_TTL and ALLOWED_HOSTS', () => {
    assert.deepEqual(
      readServerSettings({ PORT: '0', TOKEN_TTL: '6', ALLOWED_HOSTS: 'Demo.example.com, nas' }),
      {
        port: 0,
        tokenTtlSeconds: 6,
        allowedHosts: ['demo.example.com', 'nas'],
      },
    );
  });

  it('are refused with the name of the variable', () => {
    for (const PORT of ['http', '70000', '-1', '1.5']) {
      assert.throws(() => readServerSettings({ PORT }), /^RangeError: PORT must be/);
    }
    assert.throws(() => readServerSettings({ TOKEN_TTL: '0' }), /^RangeError: TOKEN_TTL must be/);
    for (const ALLOWED_HOSTS of ['*', '.example.com', 'https://demo.example.com', 'demo.example.com:80']) {
      assert.throws(() => readServerSettings({ ALLOWED_HOSTS }), /^RangeError: ALLOWED_HOSTS must be/);
    }
  });
});
