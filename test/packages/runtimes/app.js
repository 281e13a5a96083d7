import {
  checkRequest,
  createJwksHandler,
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createTokenHandler,
  createTokenVerifier,
  importSigningKey,
  ingestJwtIssuer,
  jwtIssuer,
  playbackJwtIssuer,
  Problem,
  stsSecurityIssuer,
  webcasterJwtIssuer,
} from '@gatecast/server';

/** A backend that uses the library without any API of a specific runtime. */
export async function createApp(settings) {
  const { pems, vendorUrl, apiKey, upstream, pageOrigin } = settings;
  const names = ['RS256', 'ES256', 'EdDSA'];
  const imported = await Promise.all(names.map((name) => importSigningKey(pems[name], { kid: name })));
  const keySets = Object.fromEntries(names.map((name) => [name, createKeySet(imported, name)]));
  const keys = keySets.RS256;
  const playlistCookie = createPlaylistCookie({ keys });
  const cors = { origins: [pageOrigin], credentials: true };

  function authorize(request, { streams }) {
    const user = request.headers.get('Authorization')?.replace('Bearer user-', '');
    if (!user) throw new Problem('unauthenticated', 'The caller is not signed in.');
    return !streams.includes('secret') && { user };
  }

  const common = { authorize, cors };
  const tokens = (playback) => createTokenHandler({ ...common, issuers: { playback } });
  const vendor = (path, key = apiKey) => ({
    apiKey: key,
    url: vendorUrl + path,
    retries: 0,
    timeoutMs: 1000,
  });
  const playback = jwtIssuer({ keys, include: ['iat', 'jti'] });
  const verifier = createTokenVerifier({ keys: new URL(settings.jwksUrl), audience: 'ingest' });

  const routes = {
    '/api/tokens': createTokenHandler({
      ...common,
      issuers: { playback, ingest: ingestJwtIssuer({ keys, ingestUrl: 'rtmp://ingest.test/live' }) },
      playlistCookie,
      bootstrap: {
        upstreams: [upstream],
        playlistUrl: (stream) => `${upstream}${stream}.m3u8`,
        budgetMs: 2000,
      },
    }),
    '/api/es256': tokens(jwtIssuer({ keys: keySets.ES256 })),
    '/api/eddsa': tokens(jwtIssuer({ keys: keySets.EdDSA })),
    '/api/sts': tokens(stsSecurityIssuer(vendor('/secure/token'))),
    '/api/splay': tokens(playbackJwtIssuer({ ...vendor('/api/v1/splay'), answerAs: 'token' })),
    '/api/wrong-key': tokens(stsSecurityIssuer(vendor('/secure/token', 'not-the-key'))),
    '/api/silent-vendor': tokens(stsSecurityIssuer(vendor('/silent'))),
    '/api/webcaster': createTokenHandler({
      ...common,
      issuers: {
        ingest: webcasterJwtIssuer({ ...vendor('/webcaster'), ingestUrl: 'rtmp://ingest.test/live' }),
      },
    }),
    '/.well-known/jwks.json': createJwksHandler({ keys }),
    '/hls/sign': createPlaylistSigner({
      issuer: playback,
      cookie: playlistCookie,
      upstreams: [upstream],
      timeoutMs: 1000,
      streamOf: () => 'demo',
    }),
  };

  return async (request, context) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/whip/studio') {
      const checked = await checkRequest(verifier, request, 'studio');
      return checked instanceof Response ? checked : Response.json({ stream: checked.stream });
    }
    const handler = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    return handler ? handler(request, context) : new Problem('not-found', 'No such route.').toResponse();
  };
}
