import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VendorScript } from '../../packages/element/src/allow-vendor-scripts.js';
import { matchVendorScript } from '../../packages/element/src/match-vendor-script.js';

const page = 'http://localhost:5173/player/?x=1';

function isAllowed(
  address: string,
  allowed: readonly (string | VendorScript)[] | undefined,
  pageUrl = page,
): boolean {
  return matchVendorScript(address, allowed, pageUrl).isAllowed;
}

describe('the list of vendor scripts', () => {
  it('allows nothing when it is empty, not even the page’s own origin', () => {
    for (const address of ['https://cdn.example/a.js', 'http://localhost:5173/a.js'])
      assert.equal(isAllowed(address, []), false, address);
  });

  it('allows only the page’s own origin when the page has made no list', () => {
    for (const address of ['http://localhost:5173/a.js', 'http://localhost:5173/b/c.js?x=1'])
      assert.equal(isAllowed(address, undefined), true, address);
    for (const address of [
      'https://cdn.example/a.js',
      'https://localhost:5173/a.js',
      'http://localhost:5174/a.js',
      'http://127.0.0.1:5173/a.js',
      'data:text/javascript,alert(1)',
      `blob:${new URL(page).origin}/1b4d`,
    ])
      assert.equal(isAllowed(address, undefined), false, address);
    assert.equal(isAllowed('file:///a.js', undefined, 'file:///page.html'), false);
  });

  it('allows an address as a whole, with its query', () => {
    const list = ['https://cdn.example/nano.js?v=5', '/vendor.js', 'own.js'];
    for (const address of [
      'https://cdn.example/nano.js?v=5',
      'https://cdn.example:443/nano.js?v=5#x',
      'https://CDN.example/a/../nano.js?v=5',
      'http://localhost:5173/vendor.js',
      'http://localhost:5173/player/own.js',
    ])
      assert.equal(isAllowed(address, list), true, address);
    for (const address of [
      'https://cdn.example/nano.js',
      'https://cdn.example/nano.js?v=6',
      'https://cdn.example/nano.js?v=5&callback=x',
      'https://cdn.example/nano.js/x?v=5',
      'https://cdn.example/NANO.js?v=5',
      'https://cdn.example:8443/nano.js?v=5',
      'https://cdn.example.evil.example/nano.js?v=5',
      'https://evil.example/nano.js?v=5',
      'http://cdn.example/nano.js?v=5',
      'http://localhost:5174/vendor.js',
      'http://localhost:5173/vendor.js?x',
    ])
      assert.equal(isAllowed(address, list), false, address);
  });

  it('allows what is below an origin or a folder', () => {
    const list = ['https://cdn.example', 'https://files.example/vendor/'];
    for (const address of [
      'https://cdn.example/',
      'https://cdn.example/a/b.js?x=1',
      'https://files.example/vendor/a.js',
      'https://files.example/vendor/b/a.js?20200302',
    ])
      assert.equal(isAllowed(address, list), true, address);
    for (const address of [
      'https://cdn.example.evil.example/a.js',
      'https://cdn.example@evil.example/a.js',
      'https://user:secret@cdn.example/a.js',
      'https://files.example/vendor',
      'https://files.example/vendorx/a.js',
      'https://files.example/vendor/../upload/a.js',
      'https://files.example/vendor/%2e%2e/upload/a.js',
      'https://files.example/vendor/..%2fupload/a.js',
      'https://files.example/vendor/..%5cupload/a.js',
      'https://files.example/vendor/..;/upload/a.js',
      'https://files.example/vendor/%252e%252e/upload/a.js',
      'https://files.example/vendor/%EF%BC%8E%EF%BC%8E/upload/a.js',
      'https://files.example/vendor/．．/upload/a.js',
      'https://files.example/vendor/%c0%ae%c0%ae/upload/a.js',
      'https://files.example/vendor/%u002e%u002e/upload/a.js',
      'https://files.example/vendor/.%20/upload/a.js',
      'https://files.example/vendor/b%EF%BC%8F../upload/a.js',
      'https://files.example/vendor/b%00/a.js',
    ])
      assert.equal(isAllowed(address, list), false, address);
  });

  it('allows no other scheme, whatever it contains', () => {
    const addresses = [
      'data:text/javascript,alert(1)',
      `blob:${new URL(page).origin}/1b4d`,
      'javascript:alert(1)',
      'http://cdn.example/a.js',
      'http://127.0.0.1:5173/a.js',
      'ftp://cdn.example/a.js',
      'file:///a.js',
      'filesystem:https://cdn.example/a.js',
      'https://[/a.js',
    ];
    for (const address of addresses) {
      const match = matchVendorScript(address, [...addresses, 'https://cdn.example/', '*'], page);
      assert.deepEqual([match.isAllowed, !match.isAllowed && match.reason], [false, 'scheme'], address);
    }
  });

  it('reads relative entries against the page’s own address, and allows none for a page without an origin', () => {
    assert.equal(isAllowed('https://www.example/a.js', ['/a.js'], 'https://www.example/b/'), true);
    assert.equal(
      isAllowed('http://www.example/a.js', ['http://www.example/'], 'https://www.example/'),
      false,
    );
    for (const pageUrl of ['about:blank', 'about:srcdoc', 'file:///page.html', 'data:text/html,'])
      for (const address of ['/a.js', 'file:///a.js', 'data:text/javascript,1', 'about:blank'])
        assert.equal(isAllowed(address, [address], pageUrl), false, `${address} in ${pageUrl}`);
  });

  it('returns integrity metadata for its address, also if a prefix allows the address without it', () => {
    const integrity = `sha384-${'A'.repeat(64)}`;
    const list = [
      'https://cdn.example/',
      'https://cdn.example/a.js',
      { url: 'https://cdn.example/a.js', integrity },
    ];
    const of = (address: string) => matchVendorScript(address, list, page);
    assert.deepEqual(of('https://cdn.example/a.js'), { isAllowed: true, integrity });
    assert.deepEqual(of('https://cdn.example/b.js'), { isAllowed: true, integrity: undefined });
  });

  it('takes the hashes that browsers take, several as well', () => {
    const digests = (
      [
        ['sha256', 32],
        ['sha384', 48],
        ['sha512', 64],
      ] as const
    ).map(([name, bytes]) => `${name}-${Buffer.alloc(bytes, 0xfb).toString('base64')}`);
    for (const integrity of [...digests, digests.join(' '), ` ${digests.join('\n ')} `]) {
      const list = [{ url: 'https://cdn.example/a.js', integrity }];
      assert.deepEqual(matchVendorScript('https://cdn.example/a.js', list, page), {
        isAllowed: true,
        integrity,
      });
    }
  });

  it('never allows a script with integrity metadata without it, in another notation of its path', () => {
    const integrity = `sha384-${'A'.repeat(64)}`;
    const pinned = { url: 'https://cdn.example/lib/a.js?v=1', integrity };
    for (const list of [
      [pinned, 'https://cdn.example/'],
      ['https://cdn.example/lib/', pinned],
    ]) {
      for (const path of [
        'a.js',
        'a.js?x',
        'a.js?v=1&x',
        '%61.js',
        'a%2ejs?x',
        '/a.js',
        'a.js;x',
        'a%EF%BC%8Ejs',
      ])
        assert.deepEqual(
          matchVendorScript(`https://cdn.example/lib/${path}`, list, page),
          { isAllowed: true, integrity },
          path,
        );
      for (const path of ['%2561.js', 'b/..%2fa.js', '%c0%ae/a.js', '%u0061.js'])
        assert.equal(isAllowed(`https://cdn.example/lib/${path}`, list), false, path);
      assert.deepEqual(matchVendorScript('https://cdn.example/lib/b%2Djs.js', list, page), {
        isAllowed: true,
        integrity: undefined,
      });
    }
  });

  it('reports entries that are neither addresses nor objects with one', () => {
    const wrong: unknown[] = [null, undefined, 5, {}, { url: 5 }, { url: null }, []];
    const odd = { url: 'https://cdn.example/a.js', integrity: null };
    const list = [...wrong, odd, 'https://cdn.example/b.js'] as VendorScript[];
    const match = matchVendorScript('https://cdn.example/a.js', list, page);
    assert.ok(!match.isAllowed);
    assert.deepEqual(match.wrongEntries, [
      ...['null', 'undefined', 'number', 'object', 'object', 'object', 'object'],
      odd.url,
    ]);
    assert.equal(isAllowed('https://cdn.example/b.js', list), true);
  });

  it('names entries that never match', () => {
    const wrong = [
      'http://cdn.example/',
      'data:text/javascript,1',
      { url: 'https://cdn.example/', integrity: `sha384-${'A'.repeat(64)}` },
      ...[
        '',
        'md5-AAAA',
        'sha384-',
        'sha384-###',
        'sha384-AAAA',
        `sha256-${'A'.repeat(64)}`,
        `sha384-${'A'.repeat(63)}#`,
        `SHA384-${'A'.repeat(64)}`,
        `sha384-${'A'.repeat(64)},sha384-${'A'.repeat(64)}`,
        `sha384-${'A'.repeat(64)} sha512-AAAA`,
      ].map((integrity) => ({ url: 'https://cdn.example/a.js', integrity })),
    ];
    const match = matchVendorScript('https://cdn.example/a.js', wrong, page);
    assert.ok(!match.isAllowed);
    assert.deepEqual(
      match.wrongEntries,
      wrong.map((entry) => (typeof entry === 'string' ? entry : entry.url)),
    );
  });
});
