import { expect } from 'chai';

describe('gatecast.js as a page loads it', () => {
  it('defines both tags', async () => {
    const script = document.createElement('script');
    script.type = 'module';
    script.src = '/.build/gatecast/gatecast.js';
    document.head.append(script);
    await Promise.all([
      customElements.whenDefined('secure-player'),
      customElements.whenDefined('secure-webcaster'),
    ]);
    expect(document.createElement('secure-player')).to.have.property('updateSource');
    expect(document.createElement('secure-webcaster')).to.have.property('startBroadcast');
  });
});
