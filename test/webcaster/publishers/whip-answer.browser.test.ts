import { expect } from 'chai';
import { clearFaults } from '../../support/backend.js';
import { relayedEndpoint, relayedRequests } from '../../support/relayed-ingest.js';
import { skipUnless } from '../../support/skip-unless.js';
import { mountWebcaster, pause, rejection, unmountAll, untilState } from '../support/webcaster-fixture.js';

async function methods(stream: string | null): Promise<string[]> {
  return (await relayedRequests(stream)).map(({ method }) => method).filter((method) => method !== 'PATCH');
}

describe('<secure-webcaster> and a WHIP answer that rejects media', () => {
  before(function () {
    skipUnless('webrtc h264', this);
  });

  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  for (const trait of ['reject-video', 'inactive-video', 'reject-all'] as const) {
    it(`fails once with codec-unavailable, and ends the session (${trait})`, async () => {
      const { webcaster, events } = mountWebcaster({ endpoint: relayedEndpoint(trait) });
      const error = await rejection(webcaster.startBroadcast());
      expect([error.code, error.retryable]).to.deep.equal(['codec-unavailable', false]);
      expect(error.hint).to.contain('allow-partial');
      await pause(500);
      expect(await methods(webcaster.stream)).to.deep.equal(['POST', 'DELETE']);
      expect(events.filter((event) => event.startsWith('live'))).to.deep.equal([]);
      expect(webcaster.state).to.equal('failed');
    });
  }

  it('goes on with sound only if the page allows it, and says that video is not sent', async () => {
    const { webcaster, events } = mountWebcaster({
      endpoint: relayedEndpoint('reject-video'),
      'allow-partial': '',
    });
    const changes: string[] = [];
    webcaster.addEventListener('secure-broadcast-media', ({ kind, status, reason }) =>
      changes.push(`${kind} ${status} ${reason}`),
    );
    await webcaster.startBroadcast();
    expect(webcaster.mediaStatus).to.deep.equal({ audio: 'on', video: 'refused' });
    expect(changes).to.include('video refused ingest-refused');
    // Before, each new session found that it cannot send the video, and was replaced.
    await pause(2500);
    expect(await methods(webcaster.stream)).to.deep.equal(['POST']);
    expect(events.filter((event) => /^(live|reconnecting)/.test(event))).to.deep.equal(['live:connected']);
    await webcaster.stopBroadcast();
    await untilState(webcaster, 'stopped');
    expect(webcaster.mediaStatus.video).to.equal('off');
  });
});
