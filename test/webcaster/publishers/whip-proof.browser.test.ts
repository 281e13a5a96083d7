import { expect } from 'chai';
import { clearFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { mountWebcaster, unmountAll, until } from '../support/webcaster-fixture.js';

describe('<secure-webcaster dpop> to a WHIP ingest', () => {
  const realFetch = window.fetch.bind(window);
  let sent: { method: string; url: string; headers: Headers; status: number }[] = [];

  before(function () {
    skipUnless('webrtc h264', this);
  });

  beforeEach(() => {
    sent = [];
    window.fetch = async (input, init) => {
      const response = await realFetch(input, init);
      const url = input instanceof Request ? input.url : input.toString();
      const headers = new Headers(init?.headers);
      sent.push({ method: init?.method ?? 'GET', url, headers, status: response.status });
      return response;
    };
  });

  afterEach(async () => {
    await unmountAll();
    window.fetch = realFetch;
    await clearFaults();
  });

  it('publishes and ends with a token that the ingest accepts from this page only', async () => {
    const { webcaster } = mountWebcaster({ dpop: '' });
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    await webcaster.stopBroadcast();
    await until(() => sent.some(({ method }) => method === 'DELETE'), 'the session is deleted');
    const whip = sent.filter(({ url }) => url.includes('/whip/'));
    for (const { headers } of whip) {
      expect(headers.get('Authorization')).to.match(/^DPoP /);
      expect(headers.get('DPoP')).to.be.a('string');
    }
    const methods = whip.filter(({ status }) => status < 300).map(({ method }) => method);
    expect(methods).to.include.members(['POST', 'DELETE']);

    const post = whip.find(({ method }) => method === 'POST');
    const token = post?.headers.get('Authorization')?.replace('DPoP ', '') ?? '';
    const copied = await realFetch(post?.url ?? '', {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
      body: 'v=0\r\n',
    });
    expect(copied.status).to.equal(401);
  });
});
