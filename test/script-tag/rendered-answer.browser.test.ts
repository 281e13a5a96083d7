import type { TokenResponse } from '@gatecast/contract';
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
    // As answerScript of @gatecast/server writes it, which test/server/rendered-pages.test.ts holds.
    const name = ['same-origin', frame.tokenUrl(), 'demo-low'].join('&#10;');
    const end = `<script type="application/json" data-gatecast="${name}">${JSON.stringify(answer)}</script>`;
    await frame.open({ end });
    expect(frame.view.document.documentElement.outerHTML).to.contain('eyJ');
    await frame.define();
    expect(frame.view.document.documentElement.outerHTML).to.not.contain('eyJ');
    await frame.played();
    expect(await frame.requests()).to.have.length(0);
    expect(frame.started).to.have.length(0);
  });
});
