import type * as player from '@gatecast/player';
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

  it('asks an existing endpoint with code that it loads for the first request', async () => {
    const address = '/.build/gatecast/gatecast.js';
    const { tokenEndpoint, GatecastError } = (await import(address)) as typeof player;
    const { signal } = new AbortController();
    const asked: string[] = [];
    const fetch = (input: RequestInfo | URL) => {
      asked.push(String(input instanceof Request ? input.url : input));
      return Promise.resolve(Response.json({ data: { jwt: 'opaque-token' } }));
    };
    const source = tokenEndpoint({ url: '/{stream}/token', method: 'GET', map: 'data.jwt', fetch });
    expect(source.perStream).to.equal(true);
    const request = { purpose: 'playback', streams: ['live one'], reason: 'initial' } as const;
    expect(await source(request, { signal })).to.equal('opaque-token');
    expect(asked).to.deep.equal([`${location.origin}/live%20one/token`]);
    // A page without types.
    const misspelt = tokenEndpoint({ url: '/', ...{ metod: 'GET' } });
    const error: unknown = await Promise.resolve(misspelt(request, { signal })).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(GatecastError).and.to.have.property('code', 'option-invalid');
  });
});
