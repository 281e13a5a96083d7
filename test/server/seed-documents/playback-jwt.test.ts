/*
 * Bytes of "Secure playback with JSON Web Token (JWT)",
 * https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_security_jwt, and of "Token Revocation",
 * https://docs.nanocosmos.de/docs/cloud/security_token_revocation. Each test names its section.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { playbackJwtIssuer, type IssueRequest, type PlaybackJwtIssuerOptions } from '@gatecast/server';
import { createFakeVendor } from '../../../demo/backend/fake-vendor/fake-vendor.js';
import { fakeJwt } from '../../support/jwt.js';
import { compact, documentService } from './document-service.js';

const groupid = 'xxxxxxxx-zzzz-yyy-aaaa-aaabbbcccddd';
const bintuToken = 'YOUR_BINTU_TOKEN';
/** The document cuts its token off. */
const TOKEN = fakeJwt({ exp: 1_738_159_400 });
const RESPONSE = `{"success": true,"data": {"token": "${TOKEN}"}}`;

interface Example {
  readonly request: string;
  readonly options: Partial<PlaybackJwtIssuerOptions>;
  readonly stream?: string;
  readonly exp?: number;
  readonly user?: string;
}

const vendorDefault = { ttlSeconds: 'vendor-default' } as const;

/** Members in the order in which the document has them; the issuer sends the same members in an order of its own. */
const examples: Readonly<Record<string, Example>> = {
  'JWT, "Example of a complete JSON object"': {
    request: `{
  "groupid": "xxxxxxxx-zzzz-yyy-aaaa-aaabbbcccddd",
  "exp": 1686903652,
  "domain": "example.domain.com",
  "ip": "123.45.67.89",
  "tag": "table 7",
  "user": "aaa-bbb-ccc-ddd"
}`,
    options: {
      target: () => ({ groupid }),
      restrictions: { referer: 'example.domain.com', ip: '123.45.67.89', tag: 'table 7' },
      bindUser: true,
    },
    exp: 1_686_903_652,
    user: 'aaa-bbb-ccc-ddd',
  },
  'Revocation, "Single stream example"': {
    request: `{
    "streams": ["8sKpm-x49nB"],
    "revocable": true,
    "exp": 1738159400
  }`,
    options: { revocable: true },
    stream: '8sKpm-x49nB',
    exp: 1_738_159_400,
  },
  'Revocation, "Multiple streams"': {
    request: `{
  "streams": ["8sKpm-x49nB", "8sKpm-y50nC"],
  "revocable": true
}`,
    options: {
      ...vendorDefault,
      revocable: true,
      target: () => ({ streams: ['8sKpm-x49nB', '8sKpm-y50nC'] }),
    },
  },
  'Revocation, "Organization-wide"': {
    request: `{
  "orgawide": true,
  "revocable": true,
  "exp": 1738159400
}`,
    options: { revocable: true, target: () => ({ orgawide: true }) },
    exp: 1_738_159_400,
  },
  'Revocation, "Stream group"': {
    request: `{
  "groupid": "xxxxxxxx-zzzz-yyy-aaaa-aaabbbcccddd",
  "revocable": true
}`,
    options: { ...vendorDefault, revocable: true, target: () => ({ groupid }) },
  },
};

describe('the documents of the playback token service', () => {
  for (const [title, { request, options, stream = 'a', exp, user }] of Object.entries(examples)) {
    it(`section ${title}: the issuer sends this request, and the fake service accepts it`, async () => {
      const nowMs = ((exp ?? 1_738_159_400) - 600) * 1000;
      const { requests, fetch } = documentService(RESPONSE);
      const issuer = playbackJwtIssuer({ bintuToken, fetch, now: () => nowMs, ...options });
      const grant: IssueRequest['grant'] = exp === undefined ? {} : { claims: { exp } };
      const issued = await issuer.issue({ purpose: 'playback', stream, grant, user });
      const [sent] = requests;
      assert.ok(sent);
      assert.equal(sent.url, 'https://token.nanostream.cloud/api/v1/splay');
      assert.equal(sent.headers.get('Content-Type'), 'application/json');
      assert.equal(sent.headers.get('X-BINTU-TOKEN'), bintuToken);
      assert.deepEqual(await sent.json(), JSON.parse(request));
      assert.deepEqual(issued, { security: { jwtoken: TOKEN }, expiresAt: 1_738_159_400 });

      const service = createFakeVendor({ apiKey: bintuToken, now: () => nowMs });
      const headers = { 'Content-Type': 'application/json', 'X-BINTU-TOKEN': bintuToken };
      const post = { method: 'POST', headers, body: request };
      const answer = await service.request('http://vendor.test/api/v1/splay', post);
      assert.equal(answer.status, 200);
      const text = (await answer.text()).replace(/"token":"[^"]+"/, `"token":"${TOKEN}"`);
      assert.equal(text, compact(RESPONSE));
    });
  }

  it('section "HTTP response codes" of verify: a positive answer repeats the token', async () => {
    const { requests, fetch } = documentService(`{"success": true, "data": {"token": "${TOKEN}"}}`);
    const claims = await playbackJwtIssuer({ bintuToken, fetch }).verify(TOKEN);
    assert.deepEqual(claims, { exp: 1_738_159_400 });
    assert.equal(requests[0]?.url, 'https://token.nanostream.cloud/api/v1/splay/verify');
    assert.equal(await requests[0].text(), compact(`{"token": "${TOKEN}"}`));
  });

  const refusals = [
    [
      'issue',
      400,
      '{"success": false,"errorCode": 1000,"message": "Parameter required: ..."}',
      'vendor-refused',
    ],
    [
      'issue',
      403,
      '{"success": false,"errorCode": 1001,"message": "Provided APIKey is not valid"}',
      'vendor-refused',
    ],
    ['verify', 403, '{"success": false, "errorCode": 1002,"message": "jwt expired"}', 'token-expired'],
  ] as const;
  for (const [call, status, body, code] of refusals) {
    it(`section "HTTP response codes" of ${call}: ${body}`, async () => {
      const { fetch } = documentService(body, status);
      const issuer = playbackJwtIssuer({ bintuToken, fetch });
      const { errorCode: vendorCode } = JSON.parse(body) as { errorCode: number };
      const answer =
        call === 'issue'
          ? issuer.issue({ purpose: 'playback', stream: 'a', grant: {} })
          : issuer.verify(TOKEN);
      await assert.rejects(answer, { code, vendorCode });
    });
  }
});
