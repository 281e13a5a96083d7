import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, type GatecastError } from '@gatecast/token';
import type { LicenceContext, LicenceHls, LicenceHost } from '@gatecast/adapters/internal/hls/licence-host';
import { licences } from '@gatecast/adapters/internal/hls/licence-requests';
import { FakeClock, settle } from '../support/fake-clock.js';
import { FakeXhr, withFakeXhr } from './support/fake-xhr.js';

const url = 'https://drm.example/wv';
const noTokens = {
  get: () => Promise.reject(new Error('not needed')),
  peek: () => null,
  rejected: () => Promise.reject(new Error('not needed')),
  accepted: () => undefined,
};

interface Scene {
  readonly hooks?: LicenceHost['hooks'];
  /** Status of each response, the last one for all later ones. */
  readonly statuses?: readonly number[];
  readonly body?: string;
  /** How long the key of the session can still be used; 0 before the first licence. */
  readonly usableMs?: number;
}

/** Requests a licence as the controller of hls.js 1.7 does. */
function request({ hooks = {}, statuses = [200], body = 'licence', usableMs = 0 }: Scene) {
  return withFakeXhr(async () => {
    const fake = new FakeClock();
    const sent: Headers[] = [];
    const failed: unknown[] = [];
    const troubles: GatecastError[] = [];
    const host: LicenceHost = {
      ...{ clock: fake.clock, hooks, signal: null, renewing: new AbortController().signal },
      random: () => 0.5,
      fetch: (_input, init) => {
        const status = statuses[Math.min(sent.length, statuses.length - 1)] ?? 200;
        sent.push(new Headers(init?.headers));
        return Promise.resolve(new Response(status === 204 ? null : body, { status }));
      },
      authorizerFor: () => new Authorizer({ tokens: noTokens, placement: { kind: 'none' }, origins: [] }),
      streamOf: () => 'a',
      onFailed: (error) => {
        failed.push(error);
        return true;
      },
      onTrouble: (error) => void troubles.push(error),
    };
    const keyId = new Uint8Array(16);
    const requestErrors: unknown[] = [];
    const context: unknown = {
      keySystem: 'com.widevine.alpha',
      mediaKeysSession: {
        expiration: usableMs ? fake.clock.now() + usableMs : NaN,
        keyStatuses: new Map(usableMs ? [[keyId, 'usable']] : []),
      },
      decryptdata: { uri: 'key', keyId, pssh: null },
      keyRequests: { key: { requestErrors } },
    };
    const hls: unknown = { config: { reuseKeySessions: true } };
    const xhr = new FakeXhr();
    const given: unknown = xhr;
    const prepare = () =>
      licences.prepareLicence(
        ...([host, hls as LicenceHls, given as XMLHttpRequest, url] as const),
        context as LicenceContext,
        new Uint8Array(1),
      );
    xhr.responseType = 'arraybuffer';
    const challenge = await prepare().catch(() => {
      xhr.open();
      return prepare();
    });
    (given as XMLHttpRequest).send((challenge ?? new Uint8Array(1)) as Uint8Array<ArrayBuffer>);
    for (let step = 0; step < 1200 && xhr.readyState !== 4; step++) await fake.advance(100);
    return { xhr: given as XMLHttpRequest, sent, failed, troubles, requestErrors };
  });
}

describe('a licence request of hls.js', () => {
  it('keeps headers that the page sets without open, as with the request of the browser', async () => {
    const { sent } = await request({
      hooks: {
        licenseXhrSetup: (xhr) => {
          xhr.setRequestHeader('X-Custom', 'a');
        },
      },
    });
    assert.deepEqual(
      sent.map((headers) => headers.get('X-Custom')),
      ['a'],
    );
  });

  it('fails with an error that names the hook that throws', async () => {
    const hooks: LicenceHost['hooks'] = {
      licenseXhrSetup() {
        throw new TypeError('of the page');
      },
    };
    await assert.rejects(request({ hooks }), { code: 'option-invalid', message: /licenseXhrSetup/ });
  });

  it('has the response in the type that the page has chosen', async () => {
    const responses: unknown[] = [];
    for (const type of ['json', 'text', 'arraybuffer'] as const) {
      const hooks: LicenceHost['hooks'] = { licenseXhrSetup: (xhr) => void (xhr.responseType = type) };
      const { xhr } = await request({ hooks, body: '{"a":1}' });
      assert.match(xhr.getAllResponseHeaders(), /^content-type: text\/plain/);
      const response: unknown = xhr.response;
      responses.push(response instanceof ArrayBuffer ? response.byteLength : response);
    }
    assert.deepEqual(responses, [{ a: 1 }, '{"a":1}', 7]);
  });

  it('succeeds with each status of success, and fails once without a body', async () => {
    const created = await request({ statuses: [201] });
    assert.deepEqual([created.xhr.status, created.sent.length], [200, 1]);
    const empty = await request({ statuses: [204] });
    assert.match(String(empty.failed), /empty response \(HTTP 204\)/);
    assert.deepEqual([empty.sent.length, empty.failed.length], [1, 1]);
    assert.ok(empty.requestErrors.length > 100, 'hls.js does not repeat it');
  });

  it('is tried again with pauses while the key is usable, and then fails', async () => {
    const passing = await request({ statuses: [503, 503, 503, 503, 503, 200], usableMs: 60_000 });
    assert.deepEqual([passing.xhr.status, passing.failed.length, passing.troubles.length], [200, 0, 1]);
    const lost = await request({ statuses: [403], usableMs: 60_000 });
    assert.equal(lost.failed.length, 1);
    assert.ok(lost.sent.length > 3 && lost.sent.length <= 13, String(lost.sent.length));
    const first = await request({ statuses: [403] });
    assert.deepEqual([first.sent.length, first.failed.length], [1, 1]);
  });
});

describe('a licence that is renewed ahead', () => {
  it('is the response itself if the page’s callback throws', async () => {
    const licence = await withFakeXhr(async () => {
      const fake = new FakeClock();
      const hooks: LicenceHost['hooks'] = {
        licenseResponseCallback() {
          throw new Error('of the page');
        },
      };
      const host: Partial<LicenceHost> = {
        ...{ clock: fake.clock, hooks, signal: null },
        fetch: () => Promise.resolve(new Response('licence')),
        authorizerFor: () => new Authorizer({ tokens: noTokens, placement: { kind: 'none' }, origins: [] }),
        streamOf: () => 'a',
      };
      const context: unknown = { keyRequests: {}, decryptdata: { uri: 'key' } };
      const hls: unknown = {};
      const request = licences.fetchLicence(
        ...([host as LicenceHost, hls as LicenceHls, url] as const),
        context as LicenceContext,
        new Uint8Array(1),
      );
      await settle();
      return request;
    });
    assert.equal(new TextDecoder().decode(licence), 'licence');
  });
});
