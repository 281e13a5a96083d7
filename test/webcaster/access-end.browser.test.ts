import { setWebcasterMessages } from '@gatecast/webcaster';
import { expect } from 'chai';
import { backendOrigin, clearFaults } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { mountWebcaster, unmountAll, until, untilState } from './support/webcaster-fixture.js';
import { whipRequests } from './support/whip-requests.js';

/** Ends the access to what the request names; `null` allows all again. */
async function revoke(request: object | null): Promise<void> {
  const method = request ? 'POST' : 'DELETE';
  const body = request && { body: JSON.stringify(request), headers: { 'Content-Type': 'application/json' } };
  const response = await fetch(`${backendOrigin()}/api/qa/revoke`, { method, ...body });
  expect(response.ok).to.equal(true);
}

describe('<secure-webcaster> whose access ends, with a real ingest', () => {
  before(function () {
    skipUnless('webrtc h264', this);
    skipUnless('many players', this);
  });

  afterEach(async () => {
    setWebcasterMessages('en', {});
    await revoke(null);
    await unmountAll();
    await clearFaults();
  });

  it('deletes its resource, shows why, and broadcasts again when it is allowed', async () => {
    setWebcasterMessages('en', { 'error-revoked': 'You are off air. {reason}' });
    const { webcaster } = mountWebcaster({
      lang: 'en',
      controls: '',
      'token-url': `${backendOrigin()}/api/tokens?push`,
    });
    const stream = webcaster.stream ?? '';
    const requests = (method: string) => whipRequests(stream, method);
    await webcaster.startBroadcast();
    await revoke({ stream, reason: 'Ticket 7' });
    await untilState(webcaster, 'failed');
    await until(() => /off air.*Ticket 7/.test(webcaster.renderRoot.textContent), 'why');
    await until(async () => (await requests('DELETE')).length > 0, 'the deletion');
    expect((await requests('DELETE')).map(({ status }) => status)).to.deep.equal([200]);
    expect(await requests('POST')).to.have.length(1);

    await revoke(null);
    await webcaster.startBroadcast();
    expect(webcaster.state).to.equal('live');
    expect((await requests('POST')).map(({ status }) => status)).to.deep.equal([201, 201]);
  });
});
