import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import {
  type ElementDeclaration,
  elementPackages,
  elementsManifest,
  elementsOf,
} from '../../.config/elements/elements-manifest.js';

interface Example {
  readonly code: string;
  readonly language: string;
  readonly text: string;
}

const page = readFileSync(new URL('../../packages/token/ERRORS.md', import.meta.url), 'utf8');
const sections = page.split(/^### /m).slice(1);
const examples: readonly Example[] = sections.flatMap((section) => {
  const [, code = ''] = /^`([a-z-]+)`/.exec(section) ?? [];
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    code,
    language,
    text,
  }));
});
const inLanguage = (...languages: string[]): readonly Example[] =>
  examples.filter(({ language }) => languages.includes(language));

/** The commands of `gatecast`, and programs that a developer has or can install. */
const commands =
  /^(?:npx gatecast (?:conformance|doctor) https:\/\/|curl -|cp node_modules\/|ff(?:mpeg|probe) -)/;

describe('the reference of the errors', () => {
  let elements: readonly ElementDeclaration[];

  before(async () => {
    const manifests = await Promise.all(elementPackages().map((library) => elementsManifest(library)));
    elements = manifests.flatMap((manifest) => elementsOf(manifest));
  });

  it('has one example for each code', () => {
    const codes = sections.map((section) => /^`([a-z-]+)`/.exec(section)?.[1]);
    assert.ok(codes.length > 50);
    assert.deepEqual(
      examples.map(({ code }) => code),
      codes,
    );
  });

  it('writes tags with attributes that the elements have', () => {
    const tags = inLanguage('html').flatMap(({ code, text }) =>
      elements.flatMap(({ tagName, attributes = [] }) =>
        [...text.matchAll(new RegExp(`<${tagName}\\s([^>]*)>`, 'g'))].flatMap(([, written = '']) =>
          [...written.matchAll(/([a-z-]+)(?:="[^"]*")?/g)].map(([, name = '']) => ({
            code,
            name,
            isKnown: attributes.some((attribute) => attribute.name === name),
          })),
        ),
      ),
    );
    assert.ok(tags.length > 40, String(tags.length));
    assert.deepEqual(
      tags.filter(({ isKnown }) => !isKnown),
      [],
    );
  });

  it('has scripts that a JavaScript engine reads, with members that the elements have', () => {
    const AsyncFunction = (async () => undefined).constructor as new (text: string) => unknown;
    const scripts = inLanguage('js');
    assert.ok(scripts.length > 20);
    const unknown = scripts.flatMap(({ code, text }) => {
      assert.doesNotThrow(() => new AsyncFunction(text), code);
      return elements.flatMap(({ tagName, members }) =>
        [...text.matchAll(new RegExp(`\\b${tagName.slice('secure-'.length)}\\.(\\w+)`, 'g'))]
          .map(([, name = '']) => name)
          .filter((name) => !['addEventListener', 'removeAttribute'].includes(name))
          .filter((name) => !members.some((member) => member.name === name))
          .map((name) => `${code}: ${name}`),
      );
    });
    assert.deepEqual(unknown, []);
  });

  it('has JSON that can be parsed, and commands that exist', () => {
    for (const { text } of inLanguage('json')) assert.doesNotThrow(() => JSON.parse(text));
    assert.deepEqual(
      inLanguage('sh').filter(({ text }) => !commands.test(text)),
      [],
    );
  });
});
