import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { directionOfLanguage } from '@gatecast/element';
import { BUILT_IN_LANGUAGES } from '@gatecast/player/internal/messages/built-in-languages';
import { messagesEn } from '@gatecast/player/internal/messages/messages-en';
import { spellDuration } from '@gatecast/player/internal/overlay/skin/live-distance';
import { shapeOf } from '../support/message-shape.js';

describe('the texts of the player', () => {
  it('have the same keys and placeholders in every language, and no empty text', async () => {
    assert.deepEqual([...BUILT_IN_LANGUAGES.keys()], ['ar', 'de', 'es', 'fr', 'ja']);
    for (const [language, load] of BUILT_IN_LANGUAGES) {
      const messages = await load();
      assert.deepEqual(shapeOf(messages), shapeOf(messagesEn), language);
      for (const [key, text] of Object.entries(messages))
        assert.notEqual(text.trim(), '', `${language} ${key}`);
    }
  });

  it('spell times with the plurals of each language', () => {
    // Some languages have a space that does not break.
    const spell = (seconds: number, language: string): string =>
      spellDuration(seconds, language).replace(/\s/g, ' ');
    assert.equal(spell(65, 'en'), '1 minute, 5 seconds');
    assert.equal(spell(3600, 'de'), '1 Stunde');
    assert.equal(spell(7322, 'fr'), '2 heures, 2 minutes et 2 secondes');
    assert.equal(spell(0, 'es'), '0 segundos');
    assert.equal(spell(180, 'ar'), '3 دقائق');
    assert.equal(spell(660, 'ar'), '11 دقيقة');
    assert.equal(spell(61, 'ja'), '1 分 1 秒');
  });

  it('survive a language tag that Intl refuses', () => {
    assert.match(spellDuration(3, 'en_US@x'), /3/);
  });
});

describe('the direction of a language', () => {
  it('follows the language and its script', () => {
    for (const tag of ['ar', 'AR-eg', 'he-IL', 'fa', 'ur-PK', 'uz-Arab', 'pa-arab-PK'])
      assert.equal(directionOfLanguage(tag), 'rtl', tag);
    for (const tag of ['', 'en', 'de-AT', 'arn', 'ar-Latn', 'ja', 'az-Cyrl', 'constructor'])
      assert.equal(directionOfLanguage(tag), 'ltr', tag);
  });
});
