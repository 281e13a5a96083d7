import { expect } from 'chai';
import { clearFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import {
  EMPTY_SCRIPT,
  installRtcUser,
  RTC_USER_BUILDS,
  RtcUserDouble,
  rtcUserFaults,
} from '../../doubles/rtc-user-double.js';
import {
  mountWebcaster,
  pause,
  rejection,
  unmountAll,
  until,
  untilState,
} from '../support/webcaster-fixture.js';

const vendor = { publisher: 'nanostream', 'publisher-src': EMPTY_SCRIPT, endpoint: '/p/webrtcws' };

/** Times in the demo's tokens are whole seconds, so two tokens of the same second are equal. */
const NEXT_TOKEN_MS = 1100;

function double(): RtcUserDouble {
  if (!RtcUserDouble.last) throw new Error('The vendor’s client was not created.');
  return RtcUserDouble.last;
}

/** Calls of one name, with the number of their token. */
const callsOf = (name: string) => double().calls.filter((call) => call.split(' ')[0] === name);

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

  it('signs in before the broadcast, and only once', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    expect(double().isSignedIn).to.equal(true);
    await webcaster.startBroadcast();
    expect(callsOf('signIn')).to.have.length(1);
    await webcaster.signOut();
    expect(double().isSignedIn).to.equal(false);
  });

  it('replaces a refused token with a fresh one', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    await pause(NEXT_TOKEN_MS);
    rtcUserFaults.refusals = 1;
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    expect(callsOf('signIn')).to.deep.equal(['signIn token 1', 'signIn token 2']);
  });

  it('fails with token-rejected when a fresh token is refused too', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    await pause(NEXT_TOKEN_MS);
    rtcUserFaults.refusals = 9;
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.vendorCode]).to.deep.equal(['token-rejected', 103003]);
  });

  it('waits for the vendor’s own reconnect, of the client or of the server, until media flows', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.startBroadcast();
    for (const reconnecting of ['reconnecting_broadcast', 'reconnecting']) {
      double().status(reconnecting);
      expect(webcaster.state).to.equal('reconnecting');
      double().status('signalling');
      double().status('connected');
      await pause(50);
      expect(webcaster.state).to.equal('reconnecting');
      double().status('broadcasting');
      await until(() => webcaster.state === 'live', 'live again');
    }
    expect(callsOf('startBroadcast')).to.have.length(1);
  });

  it('signs in again with a fresh token when the vendor’s reconnect fails', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.startBroadcast();
    await pause(NEXT_TOKEN_MS);
    await webcaster.refreshToken();
    double().kill();
    expect(webcaster.state).to.equal('reconnecting');
    await until(() => webcaster.state === 'live', 'live again');
    expect(callsOf('startBroadcast')).to.deep.equal(['startBroadcast token 1', 'startBroadcast token 2']);
    expect(callsOf('signIn')).to.have.length(2);
  });

  it('renews its sign-in with the token while no broadcast runs, but not during a broadcast', async () => {
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.signIn();
    await webcaster.refreshToken();
    await until(() => callsOf('signIn').length === 2, 'a new sign-in');
    await until(() => double().isSignedIn, 'signed in');
    await webcaster.startBroadcast();
    await webcaster.refreshToken();
    await pause(200);
    expect(callsOf('signOut')).to.have.length(1);
  });

  it('tries an unreachable server and a failed sign-in again, and is live when they are back', async () => {
    rtcUserFaults.isUnreachable = true;
    const { webcaster } = mountWebcaster(vendor);
    const started = webcaster.startBroadcast();
    await until(() => RtcUserDouble.last !== null && callsOf('signIn').length > 0, 'a sign-in');
    await pause(50);
    rtcUserFaults.isUnreachable = false;
    rtcUserFaults.failedSignIns = 1;
    await started;
    expect(webcaster.state).to.equal('live');
    expect(callsOf('signIn')).to.have.length(3);
  });

  it('is not live while the server accepts the broadcast but gets no media', async () => {
    rtcUserFaults.isIceBlocked = true;
    const { webcaster } = mountWebcaster(vendor);
    void webcaster.startBroadcast().catch(() => undefined);
    await untilState(webcaster, 'connecting');
    await until(() => RtcUserDouble.last?.isOnAir === true && !double().isBusy, 'all events');
    await pause(50);
    expect(webcaster.state).to.equal('connecting');
    await webcaster.stopBroadcast();
    expect(double().isOnAir).to.equal(false);
  });

  it('goes on when extras of the vendor’s client throw, and logs each once', async () => {
    rtcUserFaults.throwing = ['setConfig', 'muteDevice', 'stopBroadcast', 'signOut'];
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.startBroadcast();
    await webcaster.setMuted({ audio: true });
    await webcaster.setMuted({ audio: false });
    expect(webcaster.state).to.equal('live');
    const { events } = (await webcaster.diagnostics()) as { events: { type: string; call?: string }[] };
    const failed = events.filter(({ type }) => type === 'vendor-call-failed').map(({ call }) => call);
    expect(failed).to.deep.equal(['setConfig', 'muteDevice']);
    await webcaster.stopBroadcast();
    await webcaster.signOut();
    expect(webcaster.state).to.equal('idle');
  });

  it('takes userName and room of publisherConfig, and refuses names that the vendor refuses', async () => {
    const { webcaster } = mountWebcaster(vendor);
    webcaster.publisherConfig = { userName: 'my name' };
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.hint.includes('publisherConfig.userName')]).to.deep.equal([
      'settings-invalid',
      true,
    ]);
    webcaster.publisherConfig = { userName: 'alice', room: 'studio' };
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
  });

  it('takes a class RtcUser that the page defines', async () => {
    uninstall();
    Object.assign(globalThis, { RtcUser: RTC_USER_BUILDS['5.16'] });
    const { webcaster } = mountWebcaster(vendor);
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    Reflect.deleteProperty(globalThis, 'RtcUser');
  });

  it('fails without the vendor’s script and names the attribute to set', async () => {
    const { webcaster } = mountWebcaster({ publisher: 'nanostream', endpoint: '/p' });
    const error = await rejection(webcaster.startBroadcast());
    expect(error.code).to.equal('settings-invalid');
    expect(error.hint).to.contain('publisher-src');
  });
});
