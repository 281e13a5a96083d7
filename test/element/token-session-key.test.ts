import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePlacement } from '@gatecast/token';
import { EventLog, TokenSession, type TokenSettings } from '@gatecast/element';
import { isTokenChange, PLAYER_PROPERTIES } from '@gatecast/player/internal/element/player-properties';
import type { PlayerOptions } from '@gatecast/player/internal/element/player-options';
import { readTokenSettings } from '@gatecast/player/internal/element/read-settings';
import { isSameTokenSettings } from '@gatecast/webcaster/internal/broadcast/broadcast-settings';

/** The tokens of an element with the attribute `token-session`. */
function setUp() {
  const asked: string[] = [];
  const settings = (tokenSession: string, name: string): TokenSettings => ({
    tokenUrl: null,
    tokenCredentials: 'same-origin',
    tokenSession,
    tokenSource: ({ streams }) => {
      asked.push(name);
      const expiresAt = Math.floor(Date.now() / 1000) + 3600;
      return {
        tokens: streams.map((stream) => ({
          stream,
          token: `token-of-${name.replaceAll(' ', '-')}`,
          expiresAt,
        })),
      };
    },
    refreshLeadSeconds: 60,
  });
  const session = new TokenSession({
    host: new EventTarget(),
    log: new EventLog(),
    purpose: 'playback',
    settings: settings('alice', 'first'),
    streams: ['a'],
  });
  const value = async () => (await session.get('a')).value;
  return { asked, settings, session, value };
}

describe('the key of those tabs that share tokens', () => {
  it('ends the use of all tokens when it changes or is removed, also with another function', async () => {
    const { asked, settings, session, value } = setUp();
    assert.equal(await value(), 'token-of-first');
    session.setSettings(settings('alice', 'rendered again'), false);
    assert.equal(await value(), 'token-of-first');
    session.setSettings(settings('bob', 'second'), false);
    assert.equal(session.peek('a'), null);
    assert.equal(await value(), 'token-of-second');
    session.setSettings(settings('', 'third'), false);
    assert.equal(session.peek('a'), null);
    assert.equal(await value(), 'token-of-third');
    assert.deepEqual(asked, ['first', 'second', 'third']);
    session.release();
  });

  it('is the attribute token-session of the player, and a change of it is one of its tokens', () => {
    assert.equal(PLAYER_PROPERTIES['tokenSession']?.attribute, 'token-session');
    assert.equal(isTokenChange(new Map([['tokenSession', '']])), true);
    const options = { tokenUrl: '', tokenSession: 'alice', refreshLead: 60 } as PlayerOptions;
    assert.equal(readTokenSettings(options).tokenSession, 'alice');
  });

  it('is one of the token settings of the webcaster', () => {
    const { settings, session } = setUp();
    const common = { ...settings('alice', 'x'), stream: 'a', token: null, origins: [] };
    const plain = { ...common, placement: parsePlacement('header') };
    assert.equal(isSameTokenSettings(plain, { ...plain }), true);
    assert.equal(isSameTokenSettings(plain, { ...plain, tokenSession: 'bob' }), false);
    session.release();
  });
});
