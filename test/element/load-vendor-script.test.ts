import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { allowVendorScripts } from '../../packages/element/src/allow-vendor-scripts.js';
import { loadVendorScript } from '../../packages/element/src/load-vendor-script.js';

/** Does the page enforce Trusted Types? */
let isTyped = false;

class FakeScript extends EventTarget {
  #src = '';
  get src(): string {
    return this.#src;
  }
  set src(address: string) {
    if (isTyped) throw new TypeError('The page requires a TrustedScriptURL.');
    this.#src = address;
  }
  integrity = '';
  crossOrigin: string | null = null;
  remove(): void {
    assert.equal(scripts.pop(), this);
  }
}

class FakeDocument extends EventTarget {
  readyState = 'complete';
  readonly baseURI = 'https://www.example/evil-base/';
  readonly head = {
    append(script: FakeScript): void {
      scripts.push(script);
      queueMicrotask(() => script.dispatchEvent(new Event('load')));
    },
  };
  createElement(): FakeScript {
    return new FakeScript();
  }
}

let scripts: FakeScript[] = [];
let page: FakeDocument;

function setGlobal(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

async function codeOf(load: Promise<unknown>): Promise<string> {
  return load.then(
    () => 'loaded',
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('loadVendorScript', () => {
  beforeEach(() => {
    scripts = [];
    isTyped = false;
    page = new FakeDocument();
    setGlobal('document', page);
    setGlobal('location', new URL('https://www.example/page/'));
    setGlobal('Vendor', () => undefined);
  });
  afterEach(() => {
    for (const name of ['document', 'location', 'Vendor', 'trustedTypes'])
      Reflect.deleteProperty(globalThis, name);
  });

  it('loads scripts of the page’s own origin while the page has made no list, where Trusted Types allow it', async () => {
    setGlobal('trustedTypes', {
      createPolicy: () => assert.fail('a policy for an address that nobody listed'),
    });
    assert.equal(await codeOf(loadVendorScript('/default.js', 'Vendor')), 'loaded');
    assert.equal(
      await codeOf(loadVendorScript('https://cdn.example/default.js', 'Vendor')),
      'vendor-script-not-allowed',
    );
    isTyped = true;
    assert.equal(await codeOf(loadVendorScript('/typed-default.js', 'Vendor')), 'vendor-script-not-allowed');
  });

  it('waits for the page’s scripts before it refuses, because one of them may allow the script', async () => {
    page.readyState = 'loading';
    const first = codeOf(loadVendorScript('https://cdn.example/late.js', 'Vendor'));
    const second = codeOf(loadVendorScript('https://cdn.example/never.js', 'Vendor'));
    page.readyState = 'interactive';
    page.dispatchEvent(new Event('readystatechange'));
    await new Promise(setImmediate);
    assert.equal(scripts.length, 0);
    allowVendorScripts(['https://cdn.example/late.js']);
    page.dispatchEvent(new Event('DOMContentLoaded'));
    assert.deepEqual([await first, await second], ['loaded', 'vendor-script-not-allowed']);
    assert.deepEqual(
      scripts.map(({ src }) => src),
      ['https://cdn.example/late.js'],
    );
  });

  it('does not read the list against a base URL that markup has set', async () => {
    allowVendorScripts(['/own.js']);
    assert.equal(await codeOf(loadVendorScript('own.js', 'Vendor')), 'vendor-script-not-allowed');
    assert.equal(await codeOf(loadVendorScript('/own.js', 'Vendor')), 'loaded');
  });

  it('sets integrity metadata and requests the script with CORS', async () => {
    allowVendorScripts([
      'https://cdn.example/',
      { url: 'https://cdn.example/sri.js', integrity: `sha384-${'A'.repeat(64)}` },
    ]);
    await loadVendorScript('https://cdn.example/sri.js', 'Vendor');
    await loadVendorScript('https://cdn.example/plain.js', 'Vendor');
    assert.deepEqual(
      scripts.map(({ integrity, crossOrigin }) => [integrity, crossOrigin]),
      [
        [`sha384-${'A'.repeat(64)}`, 'anonymous'],
        ['', null],
      ],
    );
  });

  it('shows the line to add, without a query, and entries that never match', async () => {
    allowVendorScripts(['http://plain.example/']);
    await assert.rejects(
      loadVendorScript('https://other.example/a.js?token=sentinel', 'Vendor'),
      (error: Error) => {
        const { hint } = error as Error & { hint: string };
        assert.match(hint, /allowVendorScripts\(\["https:\/\/other\.example\/a\.js"\]\)/);
        assert.match(hint, /http:\/\/plain\.example\//);
        assert.doesNotMatch(hint + error.message, /sentinel/);
        return true;
      },
    );
    await assert.rejects(loadVendorScript('data:text/javascript,1', 'Vendor'), {
      hint: /^Use an https: address/,
    });
    await assert.rejects(loadVendorScript('https://[', 'Vendor'), { code: 'vendor-script-not-allowed' });
  });

  it('creates a Trusted Types policy that refuses other addresses itself', async () => {
    allowVendorScripts(['https://cdn.example/typed.js']);
    let isForbidden = true;
    let rules: { createScriptURL: (url: string) => string } | undefined;
    setGlobal('trustedTypes', {
      createPolicy(name: string, given: typeof rules) {
        assert.equal(name, 'gatecast-vendor');
        if (isForbidden) throw new TypeError('The policy of the page does not list the name.');
        return (rules = given);
      },
    });
    const load = () => codeOf(loadVendorScript('https://cdn.example/typed.js', 'Vendor'));
    assert.equal(await load(), 'vendor-script-failed');
    isForbidden = false;
    assert.equal(await load(), 'loaded');
    assert.throws(() => rules?.createScriptURL('data:text/javascript,1'), TypeError);
    assert.throws(() => rules?.createScriptURL('https://other.example/a.js'), TypeError);
  });
});
