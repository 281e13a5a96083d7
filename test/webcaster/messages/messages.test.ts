import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setWebcasterMessages } from '@gatecast/webcaster/internal/messages/message-tables';
import { fillMessage } from '@gatecast/element';
import { loadMessages } from '@gatecast/webcaster/internal/messages/load-messages';
import { messagesDe } from '@gatecast/webcaster/internal/messages/messages-de';
import { messagesEn } from '@gatecast/webcaster/internal/messages/messages-en';

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe('messages', () => {
  it('have the same placeholders in every language', () => {
    for (const [key, text] of Object.entries(messagesEn)) {
      assert.deepEqual(placeholders(messagesDe[key as keyof typeof messagesEn]), placeholders(text), key);
    }
  });

  it('are in the language of the tag, or in English', async () => {
    assert.equal((await loadMessages('de-AT')).goLive, messagesDe.goLive);
    assert.equal((await loadMessages('eo')).goLive, messagesEn.goLive);
  });

  it('can be set in part, and the closest language tag wins', async () => {
    setWebcasterMessages('fr', { goLive: 'En direct', end: 'Fin' });
    setWebcasterMessages('fr-CA', { goLive: 'Diffuser' });
    const { goLive, end, cancel } = await loadMessages('fr-CA');
    assert.deepEqual([goLive, end, cancel], ['Diffuser', 'Fin', messagesEn.cancel]);
  });

  it('replace known placeholders and keep unknown ones', () => {
    assert.equal(fillMessage('{a} of {b}', { a: 1 }), '1 of {b}');
  });
});
