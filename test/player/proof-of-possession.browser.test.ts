import { expect } from 'chai';
import { backendOrigin } from '../support/backend.js';
import { cleanPage } from './support/clean-page.js';
import { mountPlayer, nextEvent, playFor } from './support/player-fixture.js';

/** A request of the page with its proof. */
interface SentRequest {
  readonly url: string;
  readonly authorization: string | null;
  readonly proof: string | null;
  readonly status: number;
}

describe('<secure-player dpop>', () => {
  const realFetch = window.fetch.bind(window);
  let sent: SentRequest[] = [];
  let tokens: string[] = [];

  beforeEach(() => {
    sent = [];
    tokens = [];
    window.fetch = async (input, init) => {
      const response = await realFetch(input, init);
      const headers = new Headers(init?.headers);
      const { status } = response;
      const url = input instanceof Request ? input.url : input.toString();
      sent.push({ url, authorization: headers.get('Authorization'), proof: headers.get('DPoP'), status });
      if (url.includes('/api/tokens')) {
        const body = (await response.clone().json()) as { tokens?: { token: string }[] };
        tokens.push(...(body.tokens ?? []).map(({ token }) => token));
      }
      return response;
    };
  });

  afterEach(async () => {
    window.fetch = realFetch;
    await cleanPage();
  });

  const media = () => sent.filter(({ url }) => url.includes('/live/'));

  async function refusal(url: string, headers: Record<string, string> = {}): Promise<string> {
    const response = await realFetch(url, { headers });
    const { code } = (await response.json()) as { code: string };
    return `${response.status} ${code}`;
  }

  for (const placement of ['header', 'query:token']) {
    it(`plays with bound tokens that are worth nothing without the key (${placement})`, async () => {
      const { player, events } = mountPlayer({ attributes: { dpop: '', 'token-placement': placement } });
      await nextEvent(player, 'playing');
      await playFor(player, 2);
      expect(events.filter((event) => /failed|error/.test(event))).to.deep.equal([]);
      expect(sent.find(({ url }) => url.includes('/api/tokens'))?.proof).to.be.a('string');
      const used = media().filter(({ status }) => status === 200);
      expect(used.length).to.be.greaterThan(2);
      expect(used.every(({ proof }) => proof !== null)).to.equal(true);
      if (placement === 'header')
        expect(used.every(({ authorization }) => authorization?.startsWith('DPoP '))).to.equal(true);

      const url = `${backendOrigin()}/live/demo-low.m3u8`;
      const [token = ''] = tokens;
      expect(await refusal(url, { Authorization: `Bearer ${token}` })).to.equal('401 dpop-proof-missing');
      expect(await refusal(`${url}?token=${token}`)).to.equal('401 dpop-proof-missing');
      const copied = used[0]?.proof ?? '';
      expect(await refusal(url, { Authorization: `DPoP ${token}`, DPoP: copied })).to.equal(
        '401 dpop-proof-invalid',
      );
    });
  }

  it('uses the same key after its element was replaced, and a key that cannot be exported', async () => {
    const keyOf = async () => {
      const { player } = mountPlayer({ attributes: { dpop: '', 'token-placement': 'header' } });
      await nextEvent(player, 'playing');
      player.remove();
      const [header = ''] = (media().at(-1)?.proof ?? '').split('.');
      return atob(header.replaceAll('-', '+').replaceAll('_', '/'));
    };
    expect(await keyOf()).to.equal(await keyOf());
    const stored = await storedKey(`${backendOrigin()}/api/tokens`);
    // Some browsers cannot store keys.
    if (stored) expect(stored.privateKey.extractable).to.equal(false);
  });

  it('reports a backend that ignores proofs', async () => {
    const { player, events } = mountPlayer({
      attributes: { dpop: '' },
      prepare: (element) => {
        element.tokenSource = async (request, { signal }) => {
          const init = { method: 'POST', body: JSON.stringify(request), signal };
          const headers = { 'Content-Type': 'application/json' };
          const response = await realFetch(`${backendOrigin()}/api/tokens`, { ...init, headers });
          return (await response.json()) as { token: string };
        };
      },
    });
    await nextEvent(player, 'secure-error');
    expect(events.at(-1)).to.equal('secure-error:token-unbound');
    expect(media()).to.deep.equal([]);
  });
});

function storedKey(name: string): Promise<CryptoKeyPair | undefined> {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('gatecast-dpop', 1);
    open.addEventListener('error', () => {
      reject(open.error ?? new Error('IndexedDB failed.'));
    });
    open.addEventListener('success', () => {
      const get = open.result.transaction('keys').objectStore('keys').get(name);
      get.addEventListener('success', () => {
        resolve(get.result as CryptoKeyPair | undefined);
        open.result.close();
      });
    });
  });
}
