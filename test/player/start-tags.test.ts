import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startTags } from '@gatecast/player/internal/start/start-tags';

type Attributes = Readonly<Record<string, string>>;

/** What the head has after the tags were started. The page asks for no tokens. */
function connectionsOf(player: Attributes, sources: readonly Attributes[]): string[] {
  return start(player, sources).connections;
}

function start(player: Attributes, sources: readonly Attributes[]) {
  const elementOf = (attributes: Attributes) => ({
    getAttribute: (name: string) => attributes[name] ?? null,
    hasAttribute: (name: string) => name in attributes,
  });
  const links: { href?: string; crossOrigin?: string }[] = [];
  const tag = Object.create({
    ...elementOf(player),
    querySelectorAll: (selector: string) =>
      sources
        .filter((each) => Object.keys(each).some((name) => selector.includes(`[${name}]`)))
        .map(elementOf),
  }) as object;
  const page = {
    hidden: true,
    baseURI: 'https://www.example/live',
    querySelectorAll: (selector: string) => (selector.startsWith('secure-player') ? [tag] : []),
    createElement: () => ({}),
    head: { append: (link: object) => links.push(link) },
  };
  const globals = { document: page, location: new URL(page.baseURI) };
  const before = Object.keys(globals).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  try {
    for (const [name, value] of Object.entries(globals))
      Object.defineProperty(globalThis, name, { value, configurable: true });
    const isWanted = startTags();
    return {
      isWanted,
      connections: links.map(({ href = '', crossOrigin = '' }) => `${href} ${crossOrigin}`),
    };
  } finally {
    for (const [name, descriptor] of before)
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
  }
}

const BOTH = { src: 'https://media.example/a.m3u8', 'data-whep': 'https://rtc.example/whep/a' };

describe('the start of the tags before the element is defined', () => {
  it('connects to the origins of both ways of an entry', () => {
    const expected = ['https://media.example anonymous', 'https://rtc.example anonymous'];
    assert.deepEqual(connectionsOf({}, [BOTH]), expected);
    assert.deepEqual(connectionsOf({ engine: 'auto' }, [BOTH]), expected);
    assert.deepEqual(connectionsOf({ 'token-placement': 'cookie' }, [BOTH]), [
      'https://media.example use-credentials',
      'https://rtc.example use-credentials',
    ]);
  });

  it('connects to the WHEP origin of a child without src, and needs no code for HLS then', () => {
    const { src: _src, ...only } = BOTH;
    const tag = { src: 'https://other.example/b.m3u8' };
    assert.deepEqual(start(tag, [only]), { isWanted: false, connections: ['https://rtc.example anonymous'] });
    assert.equal(start(tag, [only, BOTH]).isWanted, true);
    assert.equal(start(tag, []).isWanted, true);
    assert.equal(start({ 'token-url': '/api' }, []).isWanted, true);
  });

  it('connects to no WHEP origin for an empty attribute', () => {
    const expected = ['https://media.example anonymous'];
    assert.deepEqual(connectionsOf({}, [{ ...BOTH, 'data-whep': '' }]), expected);
  });
});
