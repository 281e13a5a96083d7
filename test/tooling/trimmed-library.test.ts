import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReactiveElement, type PropertyDeclaration } from '@lit/reactive-element';
import { SecurePlayer } from '@gatecast/player';

// .config/bundle/trim-reactive-element.ts leaves out of gatecast.js what these elements do not use.

const OPTIONS = new Set(['attribute', 'type', 'converter', 'reflect', 'useDefault', 'noAccessor']);
const HOOKS = ['scheduleUpdate', 'performUpdate', 'getUpdateComplete', 'shouldUpdate', 'firstUpdated'];
const STATIC_HOOKS = ['getPropertyDescriptor', 'getPropertyOptions', 'finalizeStyles', 'addInitializer'];

/** The classes between an element and the library. */
function classesOf(element: typeof ReactiveElement): (typeof ReactiveElement)[] {
  const parent = Object.getPrototypeOf(element) as typeof ReactiveElement;
  return element === ReactiveElement ? [] : [element, ...classesOf(parent)];
}

describe('what the elements use of the library that gatecast.js has a part of', () => {
  const classes = classesOf(SecurePlayer);
  const properties = classes.flatMap((each) =>
    Object.hasOwn(each, 'properties') ? Object.entries<PropertyDeclaration>(each.properties) : [],
  );

  it('declares properties with the options that it knows', () => {
    assert.ok(properties.length > 20);
    for (const [name, { type, converter, attribute, ...rest }] of properties) {
      assert.deepEqual(
        Object.keys(rest).filter((option) => !OPTIONS.has(option)),
        [],
        name,
      );
      assert.ok(type === undefined || type === Boolean || type === Number, name);
      assert.ok(converter === undefined || typeof converter === 'function', name);
      assert.ok(attribute === undefined || attribute === false || typeof attribute === 'string', name);
    }
  });

  it('writes no accessor of its own for a property that the library writes one for', () => {
    for (const [name, { noAccessor }] of properties) {
      const own = classes.filter(({ prototype }) => Object.hasOwn(prototype, name));
      assert.ok(noAccessor === true || own.length === 0, name);
    }
  });

  it('overrides none of the hooks that it does not call', () => {
    for (const each of classes) {
      assert.deepEqual(
        HOOKS.filter((hook) => Object.hasOwn(each.prototype, hook)),
        [],
      );
      assert.deepEqual(
        STATIC_HOOKS.filter((hook) => Object.hasOwn(each, hook)),
        [],
      );
      assert.ok(!Array.isArray(each.styles));
    }
  });
});
