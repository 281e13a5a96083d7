import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baseLanguage, fillMessage, MessageTables } from '@gatecast/element';

interface Texts extends Readonly<Record<string, string>> {
  readonly play: string;
  readonly pause: string;
}

const tablesOf = (texts: Readonly<Record<string, Partial<Texts>>>) => {
  const tables = new MessageTables<Texts>();
  for (const [language, messages] of Object.entries(texts)) tables.set(language, messages);
  return tables;
};

describe('the messages that a page sets', () => {
  it('are empty for a language without any', () => {
    assert.deepEqual(tablesOf({ fr: { play: 'Lire' } }).get('de'), {});
  });

  it('of a regional language replace those of its base language one by one', () => {
    const tables = tablesOf({
      de: { play: 'Wiedergeben', pause: 'Anhalten' },
      'de-AT': { pause: 'Pause' },
    });
    assert.deepEqual(tables.get('de-AT'), { play: 'Wiedergeben', pause: 'Pause' });
    assert.deepEqual(tables.get('de'), { play: 'Wiedergeben', pause: 'Anhalten' });
  });

  it('are found without regard to the case of the language tag', () => {
    assert.deepEqual(tablesOf({ 'DE-at': { pause: 'Pause' } }).get('de-AT'), { pause: 'Pause' });
  });

  for (const language of ['constructor', '__proto__', 'toString', '']) {
    it(`are empty for the language "${language}"`, () => {
      assert.deepEqual(Object.entries(tablesOf({ de: { play: 'Wiedergeben' } }).get(language)), []);
    });
  }

  it('call each listener when they change, until it is removed', () => {
    const tables = tablesOf({});
    let count = 0;
    const stop = tables.onChanged(() => {
      count += 1;
    });
    tables.set('fr', { play: 'Lire' });
    stop();
    tables.set('fr', { play: 'Jouer' });
    assert.equal(count, 1);
  });
});

describe('the base of a language tag', () => {
  it('is its first part in lower case', () => {
    assert.equal(baseLanguage('De-AT'), 'de');
    assert.equal(baseLanguage('fr'), 'fr');
    assert.equal(baseLanguage(''), '');
  });
});

describe('a message with values', () => {
  it('has each value in place of its name', () => {
    assert.equal(fillMessage('{time} of {total}', { time: '0:05', total: 7 }), '0:05 of 7');
  });

  it('keeps a name without a value', () => {
    assert.equal(fillMessage('{time} of {constructor}', { time: 1 }), '1 of {constructor}');
  });
});
