import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { errorText } from '@gatecast/element';
import {
  BOOLEAN_ATTRIBUTES as playerBooleans,
  ENUMERATED_OPTIONS as playerOptions,
  ValueWarnings,
  type EnumeratedOptions,
} from '@gatecast/player/internal/overlay/warn-of-values';
import { chooseEngines } from '@gatecast/player/internal/engine/registry';
import { messagesDe } from '@gatecast/player/internal/messages/messages-de';
import { messagesEn } from '@gatecast/player/internal/messages/messages-en';
import {
  BOOLEAN_ATTRIBUTES as webcasterBooleans,
  ENUMERATED_OPTIONS as webcasterOptions,
  ValueWarnings as WebcasterWarnings,
  requireKnownValues,
} from '@gatecast/webcaster/internal/broadcast/check-options';
import type { WebcasterOptions } from '@gatecast/webcaster/internal/element/webcaster-options';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

const CAPABILITIES = { hasMediaSource: true, hasNativeHls: true, hasWebRtc: true };
const SOURCE = resolveSource({ hls: 'https://media.example/a.m3u8' }, 'https://page.example/');

const attributeOf = (property: string) => property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const propertyOf = (attribute: string) =>
  attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Attributes whose property is not any text or number: by the types in the class of an element. */
function enumeratedIn(path: string): string[] {
  const source = readFileSync(new URL(`../../packages/${path}`, import.meta.url), 'utf8');
  const declared = source.matchAll(/^ {2}(?:@property\(.*\) )?(\w+): ([^=\n]+) =\s/gm);
  const isList = (type: string) => /'|Credentials|Name|Kind|Mode|Codec|Loss|Layout|Degradation/.test(type);
  return [...declared]
    .flatMap(([, name = '', type = '']) => (isList(type) ? [attributeOf(name)] : []))
    .sort();
}

/** Attributes of properties that are declared as boolean. */
function booleansIn(path: string): string[] {
  const source = readFileSync(new URL(`../../packages/${path}`, import.meta.url), 'utf8');
  const declared = source.matchAll(/(?:(\w+): |@property\()\{[^}]*type: Boolean[^}]*\}(?:,|\) (\w+))/g);
  return [...declared].map(([, inTable, decorated = '']) => attributeOf(inTable ?? decorated));
}

/** The same, but misspelt. */
const misspelt = (value: string) => value.slice(0, 2) + value.slice(1);

function capture(run: () => void): string[] {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => warnings.push(text);
  try {
    run();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

describe('the attributes of <secure-player> with a list of values', () => {
  const good = {
    ...{ engine: 'auto', tokenCredentials: 'same-origin', tokenPlacement: 'query:token' },
    ...{ refreshMode: 'eager', liveCatchUp: 'jump', cmcd: null, controls: '' },
    ...{ loading: 'eager', theme: 'default', remember: '', startTime: null },
    getAttribute: () => null,
  };
  const setTo = (attribute: string, value: string): EnumeratedOptions => ({
    ...good,
    [propertyOf(attribute)]: value,
    getAttribute: (name) => (name === attribute ? value : null),
  });

  it('are all compared with their lists', () => {
    const names = enumeratedIn('player/src/secure-player.ts');
    assert.ok(names.length > 3, names.join());
    const ofHtml = ['controls', 'crossorigin', 'loading', 'preload', 'theme', 'token-placement'];
    assert.deepEqual(Object.keys(playerOptions).sort(), [...names, ...ofHtml].sort());
  });

  it('cause no warning with their defaults, or any of their values', () => {
    for (const [attribute, { values }] of Object.entries(playerOptions))
      for (const value of values)
        assert.deepEqual(
          capture(() => new ValueWarnings().update(setTo(attribute, value))),
          [],
        );
    for (const controls of ['', 'controls', 'true', true, false, null])
      assert.deepEqual(
        capture(() => new ValueWarnings().update({ ...good, controls })),
        [],
      );
  });

  for (const [attribute, { values }] of Object.entries(playerOptions)) {
    it(`cause one warning that names the nearest value: ${attribute}`, () => {
      for (const value of values) {
        const player = setTo(attribute, misspelt(value));
        const warnings = new ValueWarnings();
        const [text = '', ...more] = capture(() => {
          warnings.update(player);
          warnings.update(player);
        });
        assert.deepEqual(more, []);
        assert.ok(text.includes(`${attribute} has no value "${misspelt(value)}"`), text);
        assert.ok(text.includes(`Did you mean "${value}"?`), text);
      }
    });
  }

  it('do not blame the browser', () => {
    const choose = () => chooseEngines('hlsjs' as 'auto', CAPABILITIES, SOURCE);
    assert.throws(choose, (error) => {
      assert.ok(error instanceof GatecastError);
      for (const messages of [messagesEn, messagesDe]) {
        const text = errorText(error, messages);
        assert.notEqual(text, messages.unknownError);
        assert.doesNotMatch(text, /browser|chrome/i);
      }
      return true;
    });
  });
});

describe('the attributes of <secure-webcaster> with a list of values', () => {
  const good = Object.fromEntries(
    Object.entries(webcasterOptions).map(([attribute, { values }]) => [propertyOf(attribute), values[0]]),
  );
  const setTo = (attribute: string, value: string) =>
    Object.assign({} as WebcasterOptions, good, { [propertyOf(attribute)]: value });

  it('are all compared with their lists', () => {
    const names = enumeratedIn('webcaster/src/element/webcaster-element.ts');
    assert.ok(names.length > 3, names.join());
    assert.deepEqual(Object.keys(webcasterOptions).sort(), [...names, 'token-placement'].sort());
  });

  for (const [attribute, { values }] of Object.entries(webcasterOptions)) {
    it(`are refused with the nearest value: ${attribute}`, () => {
      for (const value of values) {
        requireKnownValues(setTo(attribute, value));
        assert.throws(
          () => requireKnownValues(setTo(attribute, misspelt(value))),
          (error) => {
            assert.ok(error instanceof GatecastError);
            assert.equal(error.code, 'settings-invalid');
            assert.ok(
              error.message.includes(`${attribute} has no value "${misspelt(value)}"`),
              error.message,
            );
            assert.ok(error.hint.includes(`Did you mean "${value}"?`), error.hint);
            return true;
          },
        );
      }
    });
  }
});

describe('the attributes that are on, whatever their value is', () => {
  const withValue = (attribute: string, value: string) => ({
    getAttribute: (name: string) => (name === attribute ? value : null),
  });
  const elements = [
    {
      tag: 'secure-player',
      attributes: playerBooleans,
      declared: booleansIn('player/src/element/player-properties.ts'),
      // Of `<video>`, or with a meaning of its own.
      others: ['autoplay', 'controls', 'hidden', 'loop', 'muted', 'playsinline'],
      warn: (attribute: string, value: string) => {
        const player = { engine: 'auto', tokenCredentials: 'omit', tokenPlacement: 'none', controls: value };
        const others = { loading: 'eager', theme: 'default', remember: '', startTime: null };
        const values = {
          refreshMode: 'eager',
          liveCatchUp: 'jump',
          cmcd: null,
          ...others,
          ...withValue(attribute, value),
        };
        const warnings = new ValueWarnings();
        warnings.update({ ...player, ...values });
        warnings.update({ ...player, ...values });
      },
    },
    {
      tag: 'secure-webcaster',
      attributes: webcasterBooleans,
      declared: booleansIn('webcaster/src/element/webcaster-element.ts'),
      others: ['hidden'],
      warn: (attribute: string, value: string) => {
        const warnings = new WebcasterWarnings();
        warnings.update(withValue(attribute, value));
        warnings.update(withValue(attribute, value));
      },
    },
  ];
  for (const { tag, attributes, declared, others, warn } of elements) {
    it(`are all known: <${tag}>`, () => {
      assert.ok(declared.length > 1, declared.join());
      assert.deepEqual([...attributes].sort(), [...declared, ...others].sort());
    });

    it(`cause one warning with the value "false", and none with another: <${tag}>`, () => {
      for (const attribute of attributes) {
        for (const value of ['false', ' False '])
          assert.deepEqual(
            capture(() => warn(attribute, value)),
            [
              `Gatecast: The attribute ${attribute} is set: its value "false" does not turn it off. Remove the attribute.`,
            ],
          );
        for (const value of ['', 'true', attribute])
          assert.deepEqual(
            capture(() => warn(attribute, value)),
            [],
          );
      }
    });
  }
});
