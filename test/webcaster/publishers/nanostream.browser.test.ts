import { expect } from 'chai';
import { clearFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { EMPTY_SCRIPT, installRtcUser, RtcUserDouble } from '../../doubles/rtc-user-double.js';
import {
  mediaOf,
  mountWebcaster,
  pause,
  rejection,
  unmountAll,
  until,
} from '../support/webcaster-fixture.js';

const vendor = { publisher: 'nanostream', 'publisher-src': EMPTY_SCRIPT, endpoint: '/p/webrtcws' };

/** Times in the demo's tokens are whole seconds, so two tokens of the same second are equal. */
const NEXT_TOKEN_MS = 1100;

function double(): RtcUserDouble {
  if (!RtcUserDouble.last) throw new Error('The vendor’s client was not created.');
  return RtcUserDouble.last;
}

/** Names of the calls, without their arguments. */
const names = (calls: readonly string[]) => calls.map((call) => call.split(' ')[0]);

describe('publisher="nanostream"', () => {
  let uninstall: () => void;

  before(function () {
    skipUnless('webrtc', this);
  });

  beforeEach(() => {
    uninstall = installRtcUser();
  });

  afterEach(async () => {
    await unmountAll();
    uninstall();
    await clearFaults();
  });

  it('signs in with the token, sends the element’s media and goes live', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    expect(names(double().calls)).to.deep.equal(['signIn', 'setConfig', 'startBroadcast']);
    expect(double().calls[0]).to.match(/^signIn \/p\/webrtcws \S{6}$/);
    expect(double().media).to.equal(mediaOf(webcaster));
    await webcaster.setMuted({ audio: true });
    expect(double().muted).to.deep.equal({ audio: true, video: false });
    await webcaster.stopBroadcast();
    expect(double().isOnAir).to.equal(false);
  });

  it('signs in before the broadcast, and only once', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    expect(double().isSignedIn).to.equal(true);
    await webcaster.startBroadcast();
    expect(names(double().calls).filter((name) => name === 'signIn')).to.have.length(1);
    await webcaster.signOut();
    expect(double().isSignedIn).to.equal(false);
  });

  it('replaces a refused token with a fresh one', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    await pause(NEXT_TOKEN_MS);
    RtcUserDouble.refusals = 1;
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    const signIns = double().calls.filter((call) => call.startsWith('signIn'));
    expect(signIns).to.have.length(2);
    expect(signIns[0]).not.to.equal(signIns[1]);
  });

  it('fails with token-rejected when a fresh token is refused too', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    await pause(NEXT_TOKEN_MS);
    RtcUserDouble.refusals = 9;
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.vendorCode]).to.deep.equal(['token-rejected', 103003]);
  });

  it('waits for the vendor’s own reconnect', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.startBroadcast();
    double().emit('BroadcastStatus', { data: { message: 'reconnecting' } });
    expect(webcaster.state).to.equal('reconnecting');
    double().emit('BroadcastStatus', { data: { message: 'broadcasting' } });
    await until(() => webcaster.state === 'live', 'live again');
    expect(names(double().calls).filter((name) => name === 'startBroadcast')).to.have.length(1);
  });

  it('signs in again with a fresh token when the vendor’s reconnect fails', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.startBroadcast();
    await pause(NEXT_TOKEN_MS);
    await webcaster.refreshToken();
    double().emit('BroadcastError', { error: { code: 5000, message: 'gone' } });
    expect(webcaster.state).to.equal('reconnecting');
    await until(() => webcaster.state === 'live', 'live again');
    const starts = double().calls.filter((call) => call.startsWith('startBroadcast'));
    expect(starts).to.have.length(2);
    expect(starts[0]).not.to.equal(starts[1]);
    expect(names(double().calls).filter((name) => name === 'signIn')).to.have.length(2);
  });

  it('renews its sign-in with the token while no broadcast runs, but not during a broadcast', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    await webcaster.refreshToken();
    await until(() => names(double().calls).join() === 'signIn,signOut,signIn', 'a new sign-in');
    await until(() => double().isSignedIn, 'signed in');
    await webcaster.startBroadcast();
    await webcaster.refreshToken();
    await pause(200);
    expect(names(double().calls).filter((name) => name === 'signOut')).to.have.length(1);
  });

  it('fails without the vendor’s script and names the attribute to set', async () => {
    const { webcaster } = mountWebcaster({ publisher: 'nanostream', endpoint: '/p' });
    const error = await rejection(webcaster.startBroadcast());
    expect(error.code).to.equal('settings-invalid');
    expect(error.hint).to.contain('publisher-src');
  });
});
