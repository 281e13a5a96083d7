import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { EventLog } from '@gatecast/element';
import { parsePlacement, type TokenFunction, type TokenValue } from '@gatecast/token';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import type { IngestTokenSettings } from '@gatecast/webcaster/internal/broadcast/broadcast-settings';
import { BroadcastTokens } from '@gatecast/webcaster/internal/broadcast/broadcast-tokens';

/** The tokens of a broadcast in a page that passes a new function with each render. */
function setUp(t: TestContext, token: TokenValue | null = null) {
  const world = { asked: [] as string[], calledIn: [] as number[], refusal: 0, renders: 0 };
  const respond = (render: number, reason: string) => {
    world.asked.push(reason);
    world.calledIn.push(render);
    if (world.refusal > 0) return new Response('', { status: world.refusal });
    return { token: `t${world.asked.length}`, expiresAt: Math.floor(Date.now() / 1000) + 300 };
  };
  const inline = (): TokenFunction => {
    const render = world.renders;
    return ({ reason }) => respond(render, reason);
  };
  const settings: IngestTokenSettings & { tokenSource: TokenFunction } = {
    tokenUrl: null,
    tokenCredentials: 'same-origin',
    tokenSource: inline(),
    refreshLeadSeconds: 60,
    stream: 's',
    token,
    placement: parsePlacement('header'),
    origins: ['https://ingest.example'],
  };
  const tokens = new BroadcastTokens({
    host: new EventTarget() as HTMLElement,
    log: new EventLog(),
    settings: () => ({ ...settings }),
    onRefreshed: () => undefined,
    onEnded: () => undefined,
  });
  const { signal } = new AbortController();
  const render = () => {
    world.renders += 1;
    settings.tokenSource = inline();
    tokens.holdIfPossible(signal);
    return tokens.get(signal).catch(() => undefined);
  };
  t.after(() => tokens.release());
  return { world, tokens, signal, render };
}

describe('a page that passes a new function with each render', () => {
  it('requests one token while it broadcasts, and the next one from the newest function', async (t) => {
    const { world, tokens, signal, render } = setUp(t);
    tokens.begin(signal);
    await tokens.get(signal);
    for (let count = 0; count < 20; count += 1) await render();
    assert.deepEqual(world.asked, ['initial']);
    await tokens.refresh({ signal });
    assert.deepEqual(world.asked, ['initial', 'manual']);
    assert.equal(world.calledIn.at(-1), 20);
  });

  it('does not request another token when it starts', async (t) => {
    const { world, tokens, signal, render } = setUp(t);
    await render();
    await render();
    tokens.begin(signal);
    await render();
    assert.deepEqual(world.asked, ['initial']);
  });

  it('starts again after a failure, at most three times at once', async (t) => {
    const { world, tokens, signal, render } = setUp(t);
    world.refusal = 401;
    tokens.begin(signal);
    await tokens.get(signal).catch(() => undefined);
    for (let count = 0; count < 20; count += 1) await render();
    assert.deepEqual(world.asked, ['initial', 'initial', 'initial']);
  });

  it('does not get the token of the page again once it has a newer one', async (t) => {
    const { world, tokens, signal, render } = setUp(t, 'from-the-page');
    tokens.begin(signal);
    assert.equal((await tokens.get(signal)).value, 'from-the-page');
    assert.equal((await tokens.refresh({ signal })).value, 't1');
    assert.equal((await render())?.value, 't1');
    assert.deepEqual(world.asked, ['manual']);
  });
});
