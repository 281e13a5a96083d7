import { expect } from 'chai';
import { clearFaults, setFaults } from '../../support/backend.js';
import { webcasterV6Endpoint } from '../../support/relayed-ingest.js';
import { skipUnless } from '../../support/skip-unless.js';
import { EMPTY_SCRIPT } from '../../doubles/rtc-user-double.js';
import { installWebcasterV6, WebcasterV6Double } from '../../doubles/webcaster-v6-double.js';
import {
  mediaOf,
  mountWebcaster,
  pause,
  rejection,
  unmountAll,
  until,
  untilState,
  type MountedWebcaster,
} from '../support/webcaster-fixture.js';

function mountV6(attributes: Record<string, string> = {}): MountedWebcaster {
  return mountWebcaster({
    publisher: 'nanostream-v6',
    'publisher-src': EMPTY_SCRIPT,
    endpoint: webcasterV6Endpoint(),
    ...attributes,
  });
}

describe('publisher="nanostream-v6"', () => {
  let uninstall: () => void;

  before(function () {
    skipUnless('webrtc h264', this);
  });

  beforeEach(() => {
    uninstall = installWebcasterV6();
  });

  afterEach(async () => {
    await unmountAll();
    uninstall();
    await clearFaults();
  });

  it('goes live with the element’s media, and keeps it on stop with keepPreview', async () => {
    const { webcaster } = mountV6();
    await webcaster.startBroadcast();
    const [instance] = WebcasterV6Double.instances;
    expect(instance?.media).to.equal(mediaOf(webcaster));
    expect(instance?.calls).to.deep.equal(['setup', 'startBroadcast']);
    await webcaster.stopBroadcast({ keepPreview: true });
    expect(instance?.calls.slice(2)).to.deep.equal(['stopBroadcast', 'dispose(false)']);
    expect(mediaOf(webcaster).getVideoTracks()[0]?.readyState).to.equal('live');
  });

  it('creates a new instance with a fresh token and the same media after a lost connection', async function () {
    await setFaults({ tokens: { ttlSeconds: 4 } });
    const { webcaster } = mountV6();
    await webcaster.startBroadcast();
    const media = mediaOf(webcaster);
    await pause(4500);
    await setFaults({ ingest: { kill: true } });
    await untilState(webcaster, 'reconnecting');
    await untilState(webcaster, 'live');
    const [first, second] = WebcasterV6Double.instances;
    expect(WebcasterV6Double.instances).to.have.length(2);
    expect(second?.media).to.equal(media);
    expect(second?.tokenTail).not.to.equal(first?.tokenTail);
    expect(first?.calls).to.include('dispose(false)');
    expect(media.getTracks().map((track) => track.readyState)).to.deep.equal(['live', 'live']);
  });

  it('replaces a refused token with a fresh one on a new instance, after stopping the old one', async () => {
    const { webcaster } = mountV6();
    await webcaster.signIn();
    await setFaults({ expireNow: true });
    await webcaster.startBroadcast();
    expect(WebcasterV6Double.instances.map(({ calls }) => calls)).to.deep.equal([
      ['setup', 'startBroadcast', 'stopBroadcast', 'dispose(false)'],
      ['setup', 'startBroadcast'],
    ]);
  });

  it('passes the page’s options to the client and reports its error for unknown ones', async () => {
    const { webcaster } = mountV6();
    webcaster.publisherConfig = { ingestUrl: 'rtmp://ingest.example/live', colour: 'red' };
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, error.vendorCode]).to.deep.equal(['vendor-publisher-failed', 7000]);
    webcaster.publisherConfig = { ingestUrl: 'rtmp://ingest.example/live' };
    await webcaster.startBroadcast();
    await until(() => webcaster.state === 'live', 'live');
  });
});
