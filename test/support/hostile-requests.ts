/** A request as bytes, and the statuses that are right for it. */
export interface HostileRequest {
  readonly name: string;
  readonly bytes: string | Buffer;
  /** 0: the server closes the connection without a response. */
  readonly statuses: readonly number[];
  readonly abort?: boolean;
}

export interface HostileRequestOptions {
  /** Host header of normal requests. */
  readonly host: string;
  /** Path that takes JSON by POST. */
  readonly jsonPath: string;
  /** Statuses of a path that no route has. */
  readonly unknown: readonly number[];
  /** Statuses of an invalid target. */
  readonly invalid: readonly number[];
}

const end = '\r\n\r\n';

/** Requests that a client can send by hand or a broken proxy sends, and that no server may end or hang at. */
export function hostileRequests(options: HostileRequestOptions): HostileRequest[] {
  const { host, jsonPath, unknown, invalid } = options;
  const get = (target: string, statuses: readonly number[]): HostileRequest => ({
    name: `GET ${target.length > 60 ? `${target.slice(0, 60)}…` : target}`,
    bytes: `GET ${target} HTTP/1.1\r\nHost: ${host}${end}`,
    statuses,
  });
  const post = (
    name: string,
    headers: string,
    body: string,
    statuses: readonly number[],
  ): HostileRequest => ({
    name,
    bytes: `POST ${jsonPath} HTTP/1.1\r\nHost: ${host}\r\n${headers}${end}${body}`,
    statuses,
  });
  return [
    ...['//', '//[', '///', '//evil.example/x', '/\\evil.example', '/%', '/%zz', '/%00', '/%c0%ae'].map(
      (target) => get(target, invalid),
    ),
    ...['http://', 'http://[', 'file:///etc/passwd', 'javascript:1', '*', 'x'].map((target) =>
      get(target, [...invalid, 400]),
    ),
    ...[jsonPath, '/', '/.well-known/jwks.json'].map((path) => get(`${path}/%`, invalid)),
    ...['/?%', '/?__proto__[x]=1', '/constructor', '/..%2f..%2fetc%2fpasswd', '/@fs/etc/passwd'].map(
      (target) => get(target, unknown),
    ),
    get(`/${'a'.repeat(8_000)}`, unknown),
    get(`/${'a'.repeat(40_000)}`, [431]),
    get(`/?${'a=1&'.repeat(3_000)}`, unknown),
    get('/a\0b', [400]),
    { name: 'OPTIONS *', bytes: `OPTIONS * HTTP/1.1\r\nHost: ${host}${end}`, statuses: [204, ...invalid] },
    { name: 'CONNECT', bytes: `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}${end}`, statuses: [0] },
    { name: 'TRACE', bytes: `TRACE / HTTP/1.1\r\nHost: ${host}${end}`, statuses: [404, 405, 500, 501] },
    { name: 'an unknown method', bytes: `GRAB / HTTP/1.1\r\nHost: ${host}${end}`, statuses: [400] },
    { name: 'HTTP/1.1 without Host', bytes: `GET / HTTP/1.1${end}`, statuses: [400] },
    { name: 'HTTP/1.0 without Host', bytes: `GET / HTTP/1.0${end}`, statuses: [400] },
    {
      name: 'two Host headers',
      bytes: `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example${end}`,
      statuses: [400],
    },
    { name: 'an empty Host', bytes: `GET / HTTP/1.1\r\nHost:${end}`, statuses: [400, 421] },
    { name: 'an invalid Host', bytes: `GET / HTTP/1.1\r\nHost: a b/[${end}`, statuses: [400, 421] },
    { name: 'no HTTP', bytes: `\x16\x03\x01\x02\x00\x01${end}`, statuses: [400] },
    { name: 'HTTP/2 without negotiation', bytes: `PRI * HTTP/2.0${end}SM${end}`, statuses: [400, 505] },
    {
      name: 'an upgrade to a WebSocket',
      bytes: `GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x${end}`,
      statuses: [400, ...unknown],
    },
    {
      name: 'an upgrade to h2c',
      bytes: `GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c${end}`,
      statuses: [400, ...unknown],
    },
    {
      name: 'Content-Length and Transfer-Encoding',
      bytes: `POST ${jsonPath} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked${end}0${end}`,
      statuses: [400],
    },
    post('a negative Content-Length', 'Content-Length: -1', '', [400]),
    post(
      'an invalid chunk',
      'Content-Type: application/json\r\nTransfer-Encoding: chunked',
      `zz${end}`,
      [400],
    ),
    post(
      'Expect: 100-continue',
      'Content-Type: application/json\r\nContent-Length: 1\r\nExpect: 100-continue',
      '{',
      [400],
    ),
    post('another expectation', 'Content-Length: 0\r\nExpect: 200-ok', '', [417]),
    post('text/plain', 'Content-Type: text/plain\r\nContent-Length: 2', '{}', [415]),
    post('no Content-Type', 'Content-Length: 2', '{}', [415]),
    post(
      'a body that is not UTF-8',
      'Content-Type: application/json\r\nContent-Length: 2',
      '\xff\xfe',
      [400],
    ),
    post(
      'a body that is too large',
      'Content-Type: application/json\r\nContent-Length: 900000000\r\nConnection: close',
      'x'.repeat(10_000),
      [413],
    ),
    {
      name: 'a body that ends early',
      bytes: `POST ${jsonPath} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 100${end}{`,
      statuses: [0],
      abort: true,
    },
    { name: 'a request line that ends early', bytes: 'GET / HT', statuses: [0], abort: true },
  ];
}
