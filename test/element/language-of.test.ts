import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { languageOf } from '@gatecast/element';

/** An element below one with this language, in a document or in the shadow root of a host. */
function elementIn(lang: string | null, host?: Element): Element {
  const found = lang === null ? null : { lang };
  const element = { closest: () => found, getRootNode: () => (host ? { host } : {}) };
  return element as never;
}

describe('the language of an element', () => {
  it('is that of the nearest lang attribute', () => {
    assert.equal(languageOf(elementIn('de-AT')), 'de-AT');
  });

  it('is that around its shadow root where the root says none', () => {
    const host = elementIn(null, elementIn('ja'));
    assert.equal(languageOf(elementIn(null, host)), 'ja');
    assert.equal(languageOf(elementIn('ar', host)), 'ar');
  });
});
