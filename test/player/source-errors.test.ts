import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { unreachableSource } from '@gatecast/player/internal/source/source-errors';

describe('the hint of source-unreachable', () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'location');
  });

  function hintOn(protocol: string | null, address: string): string {
    if (protocol !== null) Reflect.set(globalThis, 'location', { protocol });
    return unreachableSource(address).hint;
  }

  for (const address of ['http://203.0.113.7/live/demo.m3u8', 'http://media.example.com/live/demo.m3u8']) {
    it(`names the blocked protocol for ${address} on an https: page`, () => {
      assert.match(hintOn('https:', address), /https: address/);
    });
  }

  const others: readonly (readonly [string | null, string])[] = [
    ['http:', 'http://203.0.113.7/live/demo.m3u8'],
    ['https:', 'https://203.0.113.7/live/demo.m3u8'],
    ['https:', 'http://localhost:5173/live/demo.m3u8'],
    ['https:', 'http://127.0.0.1/live/demo.m3u8'],
    ['https:', 'http://[::1]/live/demo.m3u8'],
    ['https:', 'A segment'],
    [null, 'http://203.0.113.7/live/demo.m3u8'],
  ];
  for (const [protocol, address] of others) {
    it(`names the network and CORS for ${address} on ${protocol ?? 'no'} page`, () => {
      assert.match(hintOn(protocol, address), /CORS/);
    });
  }
});
