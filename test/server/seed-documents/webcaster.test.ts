/*
 * Bytes of "Secure ingest with Webcaster",
 * https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_secure_ingest. Each test names its section.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { webcasterJwtIssuer } from '@gatecast/server';
import { parseTokenResponse } from '@gatecast/token/internal/source/parse-token-response';
import { decodeJwt } from 'jose';
import { createFakeVendor } from '../../../demo/backend/fake-vendor/fake-vendor.js';
import { compact, documentService } from './document-service.js';

const TOKEN =
  'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJuYW5vY29zbW9zIiwiZXhwIjoxMjM0NTY3ODksIm5iZiI6MTIzNDU2Nzg5LCJpbmdlc3R1cmwiOiJydG1wOi8vYmludHUtc3RyZWFtLm5hbm9jb3Ntb3MuZGU6MTkzNS9saXZlIiwic3RyZWFtbmFtZSI6ImFiYy1kZWYiLCJpYXQiOjE2MzU4NzEwOTN9.0BrnTUmu0A8yrcVHXj4OZU23sKpAHIQekALgW5jnZAo';
const CREATE_REQUEST = `{
    "streamname": "YOUR_RTMP_STREAMNAME",
    "ingesturl": "YOUR_RTMP_INGEST_URL"
  }`;
/** Also the response to the verify request, whose token is cut off in the document. */
const RESPONSE = `{
    "success": true,
    "data": {
        "token": "${TOKEN}"
    }
}`;
const INGEST_URL = 'rtmp://bintu-stream.nanocosmos.de:1935/live';
const apiKey = 'YOUR-APIKEY';
const now = () => 1_635_434_867_000;
const WEEK_SECONDS = 604_800;

function ask(options: Partial<Parameters<typeof webcasterJwtIssuer>[0]>) {
  const issuer = webcasterJwtIssuer({ apiKey, ingestUrl: INGEST_URL, now, ...options });
  return issuer.issue({ purpose: 'ingest', stream: 'YOUR_RTMP_STREAMNAME', grant: {} });
}

describe('the document "Secure ingest with Webcaster"', () => {
  it('section "Create a web token": the issuer sends this request without "exp"', async () => {
    const { requests, fetch } = documentService(RESPONSE);
    const issued = await ask({ fetch, ttlSeconds: 'vendor-default' });
    const [request] = requests;
    assert.ok(request);
    assert.equal(request.url, 'https://cts.nanocosmos.de/webcaster');
    assert.equal(request.method, 'POST');
    assert.equal(request.headers.get('Accept'), 'application/json');
    assert.equal(request.headers.get('Content-Type'), 'application/json');
    assert.equal(request.headers.get('x-bintu-apikey'), apiKey);
    assert.equal(
      await request.text(),
      // The document’s URL is a placeholder, and the issuer checks it.
      compact(CREATE_REQUEST.replace('YOUR_RTMP_INGEST_URL', INGEST_URL)),
    );
    assert.deepEqual(issued, { token: TOKEN, expiresAt: 123_456_789 });
  });

  it('section "Create a web token": "exp" is a number of seconds', async () => {
    const { requests, fetch } = documentService(RESPONSE);
    await ask({ fetch, ttlSeconds: 600 });
    assert.deepEqual(await requests[0]?.json(), {
      streamname: 'YOUR_RTMP_STREAMNAME',
      ingesturl: INGEST_URL,
      exp: 1_635_435_467,
    });
  });

  it('section "Creating web tokens": without "exp", a token of the demo’s fake service lives one week', async () => {
    const service = createFakeVendor({ apiKey, now });
    const fetch = async (input: RequestInfo | URL, init?: RequestInit) =>
      service.request(input instanceof Request ? input.url : input, init);
    const url = 'http://vendor.test/webcaster';
    const { token = '', expiresAt } = await ask({ fetch, url, ttlSeconds: 'vendor-default' });
    assert.equal(expiresAt, now() / 1000 + WEEK_SECONDS);
    assert.deepEqual(decodeJwt(token), {
      exp: now() / 1000 + WEEK_SECONDS,
      iat: 1_635_434_867,
      ingesturl: INGEST_URL,
      iss: 'nanocosmos',
      nbf: 1_635_434_867,
      streamname: 'YOUR_RTMP_STREAMNAME',
    });
  });

  it('section "Create a web token": the response can be forwarded to the element', () => {
    const [item] = parseTokenResponse(JSON.parse(RESPONSE), ['abc-def']).items;
    assert.equal(item?.value, TOKEN);
  });

  it('section "Verify a web token": a positive answer repeats the token, and the claims are those of the token', async () => {
    const { requests, fetch } = documentService(RESPONSE);
    const issuer = webcasterJwtIssuer({ apiKey, ingestUrl: INGEST_URL, fetch });
    const claims = await issuer.verify(TOKEN);
    const [request] = requests;
    assert.ok(request);
    assert.equal(request.url, 'https://cts.nanocosmos.de/webcaster/verify');
    assert.equal(request.headers.get('Content-Type'), 'application/json');
    assert.equal(await request.text(), compact(`{"token": "${TOKEN}"}`));
    assert.deepEqual(claims, decodeJwt(TOKEN));
    assert.equal(claims['streamname'], 'abc-def');
  });

  it('section "Verify a web token": an answer for another token verifies nothing', async () => {
    const { fetch } = documentService(RESPONSE);
    const issuer = webcasterJwtIssuer({ apiKey, ingestUrl: INGEST_URL, fetch });
    const other = `${TOKEN.slice(0, -1)}p`;
    await assert.rejects(issuer.verify(other), { code: 'vendor-failed' });
    const unclear = documentService('{ "success": true, "data": { "streamname": "abc-def" } }');
    const claimsOnly = webcasterJwtIssuer({ apiKey, ingestUrl: INGEST_URL, fetch: unclear.fetch });
    await assert.rejects(claimsOnly.verify(TOKEN), { code: 'vendor-failed' });
  });

  it('section "Parsing information from a web token": the claims of the document’s token', () => {
    assert.deepEqual(decodeJwt(TOKEN), {
      iss: 'nanocosmos',
      exp: 123_456_789,
      nbf: 123_456_789,
      ingesturl: INGEST_URL,
      streamname: 'abc-def',
      iat: 1_635_871_093,
    });
  });
});
