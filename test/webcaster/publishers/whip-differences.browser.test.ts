import { expect } from 'chai';
import { backendOrigin, clearFaults } from '../../support/backend.js';
import { skipUnless } from '../../support/skip-unless.js';
import { relayedEndpoint, relayedRequests, turnRequests } from '../../support/relayed-ingest.js';
import { mountWebcaster, rejection, unmountAll, until } from '../support/webcaster-fixture.js';
import { whipRequests } from '../support/whip-requests.js';

describe('<secure-webcaster> with other WHIP ingests', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  for (const status of [307, 308] as const) {
    it(`follows a ${String(status)} to another origin, with the token if that origin may receive it`, async () => {
      const { webcaster } = mountWebcaster({
        endpoint: relayedEndpoint(`redirect-${status}`),
        'token-origins': backendOrigin(),
      });
      await webcaster.startBroadcast();
      const posts = await whipRequests(webcaster.stream);
      // The browser drops the header on the redirect; the element sends it again.
      expect(posts.filter(({ method }) => method === 'POST').map((post) => post.status)).to.deep.equal([
        401, 201,
      ]);
      await webcaster.stopBroadcast();
      const deletions = (await whipRequests(webcaster.stream)).filter(({ method }) => method === 'DELETE');
      expect(deletions.map((deletion) => deletion.status)).to.deep.equal([200]);
    });

    it(`sends no token after a ${String(status)} to an origin that may not receive it`, async () => {
      const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint(`redirect-${status}`) });
      const error = await rejection(webcaster.startBroadcast());
      expect(error.code).to.equal('ingest-refused');
      expect(error.hint).to.contain('token-origins');
      const posts = await whipRequests(webcaster.stream);
      expect(posts.map((post) => [post.status, post.tokenTail])).to.deep.equal([[401, undefined]]);
    });
  }

  it('keeps the token after a 307 within the origin', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('redirect-307-home') });
    await webcaster.startBroadcast();
    const posts = (await relayedRequests(webcaster.stream)).filter(({ method }) => method === 'POST');
    expect(posts.map(({ status, hasToken }) => [status, hasToken])).to.deep.equal([
      [307, true],
      [201, true],
    ]);
  });

  it('does not follow a redirect when the browser would send the token to the new origin', async () => {
    const { webcaster } = mountWebcaster({
      endpoint: relayedEndpoint('redirect-307-aside'),
      'token-placement': 'header:X-Token',
    });
    const error = await rejection(webcaster.startBroadcast());
    expect(error.code).to.equal('ingest-refused');
    expect(error.hint).to.contain('Authorization');
    const requests = await relayedRequests(webcaster.stream);
    expect(requests.map(({ status, hasToken }) => [status, hasToken])).to.deep.equal([[307, true]]);
  });

  it('sends no token to a Location on an origin that may not receive it', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('absolute-location') });
    await webcaster.startBroadcast();
    await webcaster.stopBroadcast();
    const later = (await whipRequests(webcaster.stream)).filter(({ method }) => method !== 'POST');
    expect(later.map(({ method }) => method)).to.include('DELETE');
    expect(later.map(({ tokenTail }) => tokenTail).filter(Boolean)).to.deep.equal([]);
  });

  it('trickles without If-Match if the ingest sends no ETag', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('no-etag') });
    await webcaster.startBroadcast();
    const patches = async () =>
      (await relayedRequests(webcaster.stream)).filter(({ method }) => method === 'PATCH');
    await until(async () => (await patches()).length > 0, 'a PATCH');
    expect((await patches()).every(({ hasToken, hasIfMatch }) => hasToken && !hasIfMatch)).to.equal(true);
  });

  it('sends no PATCH to an ingest that supports neither trickle nor restart', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('no-etag', 'no-trickle') });
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    await webcaster.stopBroadcast();
    const methods = (await relayedRequests(webcaster.stream)).map(({ method }) => method);
    expect(methods).to.deep.equal(['POST', 'DELETE']);
  });

  it('uses the TURN server of the Link header', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('turn') });
    const outcome = webcaster.startBroadcast().catch((error: unknown) => error);
    await until(async () => (await turnRequests()) > 0, 'a request to the TURN server');
    expect(webcaster.state).to.equal('connecting');
    await webcaster.stopBroadcast();
    await outcome;
  });

  it('connects without a TURN server that lacks credentials, and logs it', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('turn-bare') });
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    const posts = (await relayedRequests(webcaster.stream)).filter(({ method }) => method === 'POST');
    expect(posts).to.have.length(1);
    expect(JSON.stringify(await webcaster.diagnostics())).to.contain('whip-ice-server-skipped');
  });

  it('reads an answer without its last line end', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('no-last-line-end') });
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
  });

  it('says which setting is wrong if the browser refuses the ICE servers of the page', async () => {
    const { webcaster } = mountWebcaster({ endpoint: relayedEndpoint('plain') });
    webcaster.publisherConfig = { iceServers: [{ urls: 'nonsense:server' }] };
    expect((await rejection(webcaster.startBroadcast())).code).to.equal('settings-invalid');
    expect(await relayedRequests(webcaster.stream)).to.deep.equal([]);
  });
});
