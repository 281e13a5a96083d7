import {
  createJwksHandler,
  createKeySet,
  createTokenHandler,
  importSigningKey,
  jwtIssuer,
} from '@gatecast/server';
import { toNodeListener } from '@gatecast/server/node';
import express from 'express';

const { SIGNING_KEY, SIGNING_KEY_ID, PORT = 8080 } = process.env;
if (!SIGNING_KEY) throw new Error('SIGNING_KEY is missing. Set it to the private key that signs tokens.');
const keys = createKeySet([await importSigningKey(SIGNING_KEY, { kid: SIGNING_KEY_ID })]);

const tokens = createTokenHandler({
  issuers: { playback: jwtIssuer({ keys, ttlSeconds: 300 }) },
  // Put your own rule here: this one gives everybody access to one playback id only.
  authorize: (request, { streams }) => streams.every((stream) => stream === 'PLAYBACK-ID'),
});

const app = express();
app.all('/api/tokens', toNodeListener(tokens));
// For origins that fetch public keys. Remove it if you upload them.
app.all('/.well-known/jwks.json', toNodeListener(createJwksHandler({ keys })));
app.use(express.static('public'));
const server = app.listen(PORT, (error) => {
  if (error) throw new Error(`The port ${PORT} cannot be used (${error.code}). Set PORT to another one.`);
  console.log(`http://localhost:${server.address().port}/`);
});
