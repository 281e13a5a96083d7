import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionEvents } from '../../../demo/backend/webrtc/session-events.js';

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function next(reader: Reader | undefined): Promise<string> {
  const { value } = (await reader?.read()) ?? {};
  return new TextDecoder().decode(value);
}

function setUp() {
  const state = { isActive: true };
  const events = new SessionEvents({
    names: ['active', 'inactive'],
    initial: () => [{ event: state.isActive ? 'active' : 'inactive', data: {} }],
  });
  const read = (id: string): Reader | undefined => events.read(id)?.getReader();
  return { events, state, read };
}

describe('the events of a session', () => {
  it('go to the new reader, also when the lost connection of the old one ends after that', async () => {
    const { events, read } = setUp();
    const id = events.create() ?? '';
    const lost = events.read(id);
    const reader = read(id);
    await lost?.cancel();
    events.emit('inactive');
    assert.equal(await next(reader), ':\n\n');
    assert.match(await next(reader), /^event: active/);
    assert.match(await next(reader), /^event: inactive/);
    events.close();
    assert.equal((await reader?.read())?.done, true);
  });

  it('begin with the present state for each reader', async () => {
    const { events, state, read } = setUp();
    const id = events.create() ?? '';
    await read(id)?.cancel();
    state.isActive = false;
    const reader = read(id);
    await next(reader);
    assert.match(await next(reader), /^event: inactive/);
    events.close();
  });

  it('have a place for a client that lost its connection again and again', () => {
    const { events, read } = setUp();
    const first = events.create() ?? '';
    const reader = read(first);
    for (let lost = 0; lost < 20; lost += 1) assert.ok(events.create());
    assert.ok(reader);
    const readers = Array.from({ length: 3 }, () => read(events.create() ?? ''));
    assert.ok(readers.every((other) => other !== undefined));
    assert.equal(events.create(), undefined, 'four that are read');
    events.close();
  });
});
