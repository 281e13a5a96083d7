import { expect } from 'chai';
import { clearFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { canvasMedia, mountWebcaster, rejection, unmountAll } from './support/webcaster-fixture.js';
import { whipRequests } from './support/whip-requests.js';

describe('<secure-webcaster> without a source of tokens', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  for (const placement of ['header', 'none']) {
    it(`names the setting that is missing: token-placement="${placement}"`, async () => {
      const { webcaster, events } = mountWebcaster({ 'token-placement': placement });
      webcaster.removeAttribute('token-url');
      const { media, stop } = canvasMedia();
      webcaster.mediaStream = media;
      const error = await rejection(webcaster.startBroadcast()).finally(stop);
      expect(error.code).to.equal('token-source-missing');
      expect(error.hint).to.match(/^Set token-url/);
      expect(events).to.include('failed:token-source-missing');
      expect(await whipRequests(webcaster.stream, 'POST')).to.have.length(placement === 'none' ? 1 : 0);
    });
  }
});
