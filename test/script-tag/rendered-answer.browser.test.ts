import type { TokenResponse } from '@gatecast/contract';
import { answerScript } from '@gatecast/server';
import { expect } from 'chai';
import { StartedFrame } from './support/started-frame.js';

describe('a page that the server has rendered with the token answer', () => {
  const frame = new StartedFrame();
  after(() => frame.remove());

  it('plays without a token request, and keeps no token in its document', async () => {
    const asked = await fetch(frame.tokenUrl('-server'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ purpose: 'playback', streams: ['demo-low'], reason: 'initial' }),
    });
    const answer = (await asked.json()) as TokenResponse;
    const headers = { 'Cache-Control': 'private, no-store' };
    await frame.open({ end: answerScript(answer, { tokenUrl: frame.tokenUrl(), headers }) });
    expect(frame.view.document.documentElement.outerHTML).to.contain('eyJ');
    await frame.define();
    expect(frame.view.document.documentElement.outerHTML).to.not.contain('eyJ');
    await frame.played();
    expect(await frame.requests()).to.have.length(0);
    expect(frame.started).to.have.length(0);
  });
});
