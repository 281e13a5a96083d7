import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  type ElementDeclaration,
  elementPackages,
  elementsManifest,
  elementsOf,
} from '../../.config/elements/elements-manifest.js';
import { elementExamples } from '../../demo/docs/.vitepress/reference/element-examples.js';
import { elementPage, listedMembers } from '../../demo/docs/.vitepress/reference/element-pages.js';

describe('the reference of the elements', () => {
  let elements: readonly ElementDeclaration[];

  before(async () => {
    const manifests = await Promise.all(elementPackages().map((library) => elementsManifest(library)));
    elements = manifests.flatMap((manifest) => elementsOf(manifest));
    assert.deepEqual(elements.map(({ tagName }) => tagName).sort(), Object.keys(elementExamples).sort());
  });

  it('describes each attribute, property, method and event', () => {
    const silent = elements.flatMap((element) =>
      Object.entries(listedMembers(element)).flatMap(([kind, members]) =>
        members.filter(({ description = '' }) => description === '').map(({ name }) => `${kind} ${name}`),
      ),
    );
    assert.deepEqual(silent, []);
  });

  it('has an example for each of them, and for nothing else', () => {
    for (const element of elements) {
      const listed = listedMembers(element);
      const examples = elementExamples[element.tagName];
      for (const kind of ['attributes', 'properties', 'methods', 'events'] as const) {
        const names = listed[kind].map(({ name }) => name);
        assert.deepEqual(Object.keys(examples?.[kind] ?? {}).sort(), names.sort(), element.tagName);
      }
      for (const [name, text] of Object.entries(examples?.attributes ?? {}))
        assert.match(text, new RegExp(`^${name}(?:="[^"]+")?$`));
    }
  });

  it('gives each of them an address of its own, which is the same in each build', () => {
    for (const element of elements) {
      const page = elementPage(element);
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
      assert.equal(new Set(ids).size, ids.length, 'two have the same address');
      assert.ok(ids.includes('attribute-token-url') && ids.includes('event-secure-error'));
      const count = Object.values(listedMembers(element)).reduce((sum, { length }) => sum + length, 0);
      assert.equal(ids.length, count);
    }
  });
});
