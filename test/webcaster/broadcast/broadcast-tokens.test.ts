import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog } from '@gatecast/element';
import { parsePlacement, type TokenFunction } from '@gatecast/token';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import type { IngestTokenSettings } from '@gatecast/webcaster/internal/broadcast/broadcast-settings';
import { BroadcastTokens } from '@gatecast/webcaster/internal/broadcast/broadcast-tokens';

/** The tokens of a broadcast whose backend can end the access. */
function setUp(code = 'revoked') {
  const world = { asked: 0, reasons: [] as string[], isOff: true, ended: [] as string[] };
  const tokenSource: TokenFunction = ({ reason }) => {
    world.asked += 1;
    world.reasons.push(reason);
    const headers = { 'Content-Type': 'application/problem+json' };
    if (world.isOff) return new Response(JSON.stringify({ code }), { status: 403, headers });
    return { token: `t${String(world.asked)}`, expiresAt: Math.floor(Date.now() / 1000) + 300 };
  };
  const settings: IngestTokenSettings & { tokenSource: TokenFunction } = {
    tokenUrl: null,
    tokenCredentials: 'same-origin',
    tokenSource,
    refreshLeadSeconds: 60,
    stream: 's',
    token: null,
    placement: parsePlacement('header'),
    origins: ['https://ingest.example'],
  };
  const tokens = new BroadcastTokens({
    host: new EventTarget() as HTMLElement,
    log: new EventLog(),
    settings: () => ({ ...settings }),
    onRefreshed: () => undefined,
    onEnded: (error) => world.ended.push(error.code),
  });
  const { signal } = new AbortController();
  const get = () =>
    tokens.get(signal).then(
      ({ value }) => value,
      (error: unknown) => (error as { code: string }).code,
    );
  return { world, tokens, signal, get, settings, tokenSource };
}

describe('the token of a broadcast whose access has ended', () => {
  for (const code of ['revoked', 'concurrent-limit', 'moved', 'no-code']) {
    it(`is requested again with the next start, while the camera holds it (${code})`, async () => {
      const { world, tokens, signal, get, settings, tokenSource } = setUp(code);
      tokens.begin(signal);
      const expected = code === 'no-code' ? 'token-refused' : code;
      assert.equal(await get(), expected);
      assert.equal(await get(), expected, 'a request of the broadcast itself meets the same end');
      if (code !== 'no-code') settings.tokenSource = (...args) => tokenSource(...args);
      tokens.holdIfPossible(signal);
      assert.equal(await get(), expected, 'a changed option does not start it');
      assert.equal(world.asked, 1);
      tokens.begin(signal);
      assert.equal(await get(), expected);
      assert.equal(world.asked, 2, 'one request for each start');
      world.isOff = false;
      tokens.begin(signal);
      assert.equal(await get(), 't3');
      assert.deepEqual(world.reasons, ['initial', 'manual', 'manual']);
      tokens.release();
    });
  }
});
