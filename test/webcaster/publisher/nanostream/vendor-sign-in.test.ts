import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RtcUserClient } from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user-client';
import type { RtcUserEvent } from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user';
import { VendorSignIn } from '@gatecast/webcaster/internal/publisher/nanostream/vendor-sign-in';
import { FakeClock, settle } from '../../../support/fake-clock.js';

/** The part of the vendor's client that signs in. The test fires its events. */
function setUp() {
  const calls: string[] = [];
  const listeners = new Map<string, (event?: RtcUserEvent) => void>();
  const user = {
    on: (name: string, listener: (event?: RtcUserEvent) => void) => void listeners.set(name, listener),
    signIn: ({ jwt }: { jwt: string }) => void calls.push(`signIn ${jwt}`),
    signOut: () => void calls.push('signOut'),
  };
  const client = new RtcUserClient(user as never, { clock: new FakeClock().clock, log: () => undefined });
  const signIn = new VendorSignIn();
  const target = { endpoint: 'wss://vendor.example/p', stream: 's', config: {} };
  const begin = (name: string, signal = new AbortController().signal) =>
    signIn.begin(client, target as never, { value: name } as never, signal);
  const fire = async (name: string, event: RtcUserEvent = {}) => {
    listeners.get(name)?.(event);
    await settle();
  };
  return { calls, client, signIn, begin, fire };
}

const ALREADY = { error: { code: 4000, message: 'Already signed in' } };

describe('the sign-in of the vendor’s client', () => {
  it('is ended by signOut, once', async () => {
    const { calls, client, signIn, begin, fire } = setUp();
    const done = begin('one');
    await fire('SignInSuccess');
    await done;
    assert.ok(signIn.isDone);
    signIn.end(client);
    signIn.end(client);
    assert.deepEqual(calls, ['signIn one', 'signOut']);
  });

  it('that is aborted signs out, also when it succeeds later', async () => {
    const { calls, signIn, begin, fire } = setUp();
    const controller = new AbortController();
    const aborted = assert.rejects(begin('one', controller.signal), { name: 'AbortError' });
    controller.abort();
    await aborted;
    assert.deepEqual(calls, ['signIn one', 'signOut']);
    await fire('SignInSuccess');
    assert.deepEqual(calls, ['signIn one', 'signOut', 'signOut']);
    assert.equal(signIn.isDone, false);
  });

  it('is not ended by an earlier one that was aborted', async () => {
    const { calls, signIn, begin, fire } = setUp();
    const controller = new AbortController();
    const aborted = assert.rejects(begin('one', controller.signal));
    controller.abort();
    await aborted;
    const done = begin('two');
    await fire('SignInSuccess');
    await done;
    assert.ok(signIn.isDone);
    assert.deepEqual(calls, ['signIn one', 'signOut', 'signIn two']);
  });

  it('replaces a session that was begun with another token', async () => {
    const { calls, signIn, begin, fire } = setUp();
    const done = begin('two');
    await fire('SignInError', ALREADY);
    await fire('SignInSuccess');
    await done;
    assert.ok(signIn.isDone);
    assert.deepEqual(calls, ['signIn two', 'signOut', 'signIn two']);
  });

  it('makes no call after an abort', async () => {
    const { calls, begin } = setUp();
    await assert.rejects(begin('one', AbortSignal.abort()));
    assert.deepEqual(calls, []);
  });
});
