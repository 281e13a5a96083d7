/*
 * Bytes of "Secure playback with STS tokens",
 * https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_feature_security_sts. Each test names its section. Two
 * placeholders are replaced, because their values are checked: the IP address, and for the player the token.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createTokenHandler,
  explainStsOptions,
  stsSecurityIssuer,
  type IssueRequest,
  type StsSecurityIssuerOptions,
} from '@gatecast/server';
import { secretOf } from '@gatecast/token';
import { parseTokenResponse } from '@gatecast/token/internal/source/parse-token-response';
import { readTokenTimes } from '@gatecast/token/internal/source/token';
import { createFakeVendor } from '../../../demo/backend/fake-vendor/fake-vendor.js';
import { compact, documentService } from './document-service.js';

const EXPIRES = 1_591_747_200;
/** Nine days before the document's example expires. */
const now = () => Date.UTC(2020, 5, 1);
const apiKey = '[your Bintu API key]';
const stream = '[your Bintu stream name]';
const tag = '[your custom tag]';
const TOKEN = '0cc175b9c0f1b6a831c399e269772661';
const withToken = (response: string) => response.replace('[your token will be here]', TOKEN);

interface Section {
  readonly request: string;
  readonly response: string;
  /** How a backend asks for such a token. */
  readonly options: Partial<StsSecurityIssuerOptions>;
  readonly grant?: IssueRequest['grant'];
  readonly expiresAt: number | null;
  readonly restrictions: readonly string[];
}

const sections: Readonly<Record<string, Section>> = {
  '(a) with a Bintu stream name, custom tag, and an expiration date in the future': {
    request: `{"streamname": "[your Bintu stream name]", "tag": "[your custom tag]", "expires": "1591747200"}`,
    response: `{
    "h5live": {
        "security": {
            "expires": "1591747200",
            "tag": "[your custom tag]",
            "token": "[your token will be here]",
            "options": "9"
        }
    }
}`,
    options: { restrictions: { tag } },
    grant: { claims: { exp: EXPIRES } },
    expiresAt: EXPIRES,
    restrictions: ['expires', 'tag'],
  },
  '(b) with a Bintu orga hash, custom tag, and an expiration date in the future': {
    request: `{"orga": "[your Bintu orga hash]", "tag": "[your custom tag]", "expires": "1591747200"}`,
    response: `{
    "h5live": {
        "security": {
            "expires": "1591747200",
            "tag": "[your custom tag]",
            "token": "[your token will be here]",
            "options": "25"
        }
    }
}`,
    options: { orga: '[your Bintu orga hash]', restrictions: { tag } },
    grant: { claims: { exp: EXPIRES } },
    expiresAt: EXPIRES,
    restrictions: ['expires', 'tag', 'orga'],
  },
  '(c) with a client IP': {
    request: `{"streamname": "[your Bintu stream name]", "ip": "203.0.113.7"}`,
    response: `{
    "h5live": {
        "security": {
            "expires": "",
            "tag": "",
            "token": "[your token will be here]",
            "options": "2"
        }
    }
}`,
    options: { ttlSeconds: 'vendor-default', restrictions: { ip: '203.0.113.7' } },
    expiresAt: null,
    restrictions: ['ip'],
  },
  '(d) with a custom tag and a referer': {
    request: `{"streamname": "[your Bintu stream name]", "tag": "[your custom tag]", "referer": "demo.nanocosmos.de"}`,
    response: `{
    "h5live": {
        "security": {
            "expires": "",
            "tag": "[your custom tag]",
            "token": "[your token will be here]",
            "options": "12"
        }
    }
}`,
    options: { ttlSeconds: 'vendor-default', restrictions: { tag, referer: 'demo.nanocosmos.de' } },
    expiresAt: null,
    restrictions: ['referer', 'tag'],
  },
};

function postOf(url: string, body: string): Request {
  const headers = { 'Content-Type': 'application/json', 'X-BINTU-APIKEY': apiKey };
  return new Request(url, { method: 'POST', headers, body });
}

describe('the document "Secure playback with STS tokens"', () => {
  for (const [title, section] of Object.entries(sections)) {
    const given = (JSON.parse(section.response) as { h5live: { security: Record<string, string> } }).h5live
      .security;
    const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));

    describe(`section "${title}"`, () => {
      it('is the request that the issuer sends, and the issuer reads its response', async () => {
        const service = documentService(section.response);
        const issuer = stsSecurityIssuer({ apiKey, now, fetch: service.fetch, ...section.options });
        const { grant = {} } = section;
        const issued = await issuer.issue({ purpose: 'playback', stream, grant });
        const [request] = service.requests;
        assert.ok(request);
        assert.equal(request.url, 'https://bintu-splay.nanocosmos.de/secure/token');
        assert.equal(request.method, 'POST');
        assert.equal(request.headers.get('Content-Type'), 'application/json');
        assert.equal(request.headers.get('X-BINTU-APIKEY'), apiKey);
        assert.equal(await request.text(), compact(section.request));
        assert.deepEqual(issued, { security: filled, expiresAt: section.expiresAt });
        assert.deepEqual(explainStsOptions(filled['options'] ?? '').restrictions, section.restrictions);
      });

      it('gets the documented response from the demo’s fake service', async () => {
        const service = createFakeVendor({ apiKey, now });
        const response = await service.request(postOf('http://vendor.test/secure/token', section.request));
        const text = await response.text();
        assert.equal(
          text.replace(/"token":"[^"]+"/, '"token":"[your token will be here]"'),
          compact(section.response),
        );
      });

      it('passes the token endpoint, and the player knows the end', async () => {
        const { fetch } = documentService(withToken(section.response));
        const { claims } = section.grant ?? {};
        const handler = createTokenHandler({
          issuers: { playback: stsSecurityIssuer({ apiKey, now, fetch, ...section.options }) },
          authorize: () => ({ streams: [stream], ...(claims && { claims }) }),
          now,
        });
        const body = JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' });
        const response = await handler(postOf('https://backend.test/api/tokens', body));
        assert.equal(response.status, 200);
        const [item] = parseTokenResponse(await response.json(), [stream]).items;
        assert.ok(item);
        assert.deepEqual(item.value, { ...filled, token: TOKEN });
        const endMs = section.expiresAt === null ? null : section.expiresAt * 1000;
        assert.equal(readTokenTimes(item.value, item.expiresAt).expiresAtMs, endMs);
      });

      it('can be forwarded to the player as it is', () => {
        const [item] = parseTokenResponse(JSON.parse(withToken(section.response)), [stream]).items;
        assert.ok(item);
        assert.deepEqual(item.value, { ...given, token: TOKEN });
        const endMs = section.expiresAt === null ? null : section.expiresAt * 1000;
        assert.equal(readTokenTimes(item.value, item.expiresAt).expiresAtMs, endMs);
      });
    });
  }

  it('section "Available Parameters": a token of an organisation is valid for all its streams', async () => {
    const service = createFakeVendor({ apiKey, now });
    const fetch = async (input: RequestInfo | URL, init?: RequestInit) =>
      service.request(input instanceof Request ? input.url : input, init);
    const url = 'http://vendor.test/secure/token';
    for (const [orga, statuses] of [
      ['[your Bintu orga hash]', [200, 200]],
      [undefined, [200, 403]],
    ] as const) {
      const issuer = stsSecurityIssuer({ apiKey, now, fetch, url, ...(orga !== undefined && { orga }) });
      const { security } = await issuer.issue({ purpose: 'playback', stream: 'XXXXX-YYYY0', grant: {} });
      const answers = ['XXXXX-YYYY0', 'XXXXX-YYYY1'].map(async (streamname) =>
        service.request(postOf(`${url}/verify`, JSON.stringify({ ...security, streamname }))),
      );
      assert.deepEqual(
        (await Promise.all(answers)).map(({ status }) => status),
        statuses,
      );
    }
  });

  it('section "Using secure tokens for ABR": each stream gets a separate token', async () => {
    const service = createFakeVendor({ apiKey, now });
    const fetch = async (input: RequestInfo | URL, init?: RequestInit) =>
      service.request(input instanceof Request ? input.url : input, init);
    const url = 'http://vendor.test/secure/token';
    const handler = createTokenHandler({
      issuers: { playback: stsSecurityIssuer({ apiKey, now, fetch, url }) },
      authorize: () => true,
      now,
    });
    const streams = ['XXXXX-YYYY0', 'XXXXX-YYYY1', 'XXXXX-YYYY2'];
    const body = JSON.stringify({ purpose: 'playback', streams, reason: 'initial' });
    const answer: unknown = await (await handler(postOf('https://backend.test/api/tokens', body))).json();
    const { items } = parseTokenResponse(answer, streams);
    assert.deepEqual(
      items.map((item) => item.stream),
      streams,
    );
    assert.equal(new Set(items.map(({ value }) => secretOf(value))).size, 3);
  });

  const referers: readonly (readonly [string, boolean])[] = [
    ['nanocosmos.de', true],
    ['demo.nanocosmos.de', true],
    ['demo-nanocosmos123.de', true],
    ['https://demo.nanocosmos.de', false],
    ['nanocosmos.de/nanoplayer', false],
    ['nanocosmos', false],
  ];
  for (const [referer, isValid] of referers) {
    it(`section "Referer requirements": ${referer} is ${isValid ? 'valid' : 'invalid'}`, async () => {
      const { requests, fetch } = documentService(
        sections['(d) with a custom tag and a referer']?.response ?? '',
      );
      const options = { ttlSeconds: 'vendor-default', restrictions: { referer } } as const;
      const issuer = stsSecurityIssuer({ apiKey, now, fetch, ...options });
      const issued = issuer.issue({ purpose: 'playback', stream, grant: {} });
      if (isValid) await issued;
      else await assert.rejects(issued, { code: 'issuer-parameter-invalid', message: /referer/ });
      assert.equal(requests.length, isValid ? 1 : 0);
      const service = createFakeVendor({ apiKey, now });
      const body = JSON.stringify({ streamname: stream, referer });
      const { status } = await service.request(postOf('http://vendor.test/secure/token', body));
      assert.equal(status, isValid ? 200 : 400);
    });
  }

  it('section "Generate a token": an end in milliseconds is refused', async () => {
    const { requests, fetch } = documentService('{}');
    const issuer = stsSecurityIssuer({ apiKey, now, fetch });
    const grant = { claims: { exp: EXPIRES * 1000 } };
    await assert.rejects(issuer.issue({ purpose: 'playback', stream, grant }), /milliseconds/);
    assert.equal(requests.length, 0);
    const body = JSON.stringify({ streamname: stream, expires: String(EXPIRES * 1000) });
    const service = createFakeVendor({ apiKey, now });
    assert.equal((await service.request(postOf('http://vendor.test/secure/token', body))).status, 400);
  });
});
