import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readServerSettings } from '../../demo/server/server-settings.js';

describe('the settings of npm start', () => {
  it('have defaults', () => {
    const none = { streamJwks: undefined, folder: undefined };
    const defaults = { port: 5173, tokenTtlSeconds: 30, allowedHosts: [], ...none };
    assert.deepEqual(readServerSettings({}), defaults);
    assert.deepEqual(readServerSettings({ PORT: '', TOKEN_TTL: ' ', STREAM_JWKS: ' ' }), defaults);
  });

  it('are read from PORT, TOKEN_TTL, ALLOWED_HOSTS and STREAM_JWKS', () => {
    assert.deepEqual(
      readServerSettings({
        PORT: '0',
        TOKEN_TTL: '6',
        ALLOWED_HOSTS: 'Demo.example.com, nas',
        STREAM_JWKS: ' keys.json ',
        INIT_CWD: '/project',
      }),
      {
        port: 0,
        tokenTtlSeconds: 6,
        allowedHosts: ['demo.example.com', 'nas'],
        streamJwks: 'keys.json',
        folder: '/project',
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
