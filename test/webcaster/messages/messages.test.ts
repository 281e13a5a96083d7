import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setWebcasterMessages } from '@gatecast/webcaster/internal/messages/message-tables';
import { fillMessage } from '@gatecast/element';
import { BUILT_IN_LANGUAGES, loadMessages } from '@gatecast/webcaster/internal/messages/load-messages';
import { messagesDe } from '@gatecast/webcaster/internal/messages/messages-de';
import { shapeOf } from '../../support/message-shape.js';
import { messagesEn } from '@gatecast/webcaster/internal/messages/messages-en';

describe('messages', () => {
  it('have the same keys and placeholders in every language', async () => {
    assert.deepEqual([...BUILT_IN_LANGUAGES.keys()], ['ar', 'de', 'es', 'fr', 'ja']);
    for (const [language, load] of BUILT_IN_LANGUAGES)
      assert.deepEqual(shapeOf(await load()), shapeOf(messagesEn), language);
  });

  it('are in the language of the tag, or in English', async () => {
    assert.equal((await loadMessages('de-AT')).goLive, messagesDe.goLive);
    assert.equal((await loadMessages('eo')).goLive, messagesEn.goLive);
  });

  it('can be set in part, and the closest language tag wins', async () => {
    setWebcasterMessages('nl', { goLive: 'En direct', end: 'Fin' });
    setWebcasterMessages('nl-BE', { goLive: 'Diffuser' });
    const { goLive, end, cancel } = await loadMessages('nl-BE');
    assert.deepEqual([goLive, end, cancel], ['Diffuser', 'Fin', messagesEn.cancel]);
  });

  it('replace known placeholders and keep unknown ones', () => {
    assert.equal(fillMessage('{a} of {b}', { a: 1 }), '1 of {b}');
  });
});
