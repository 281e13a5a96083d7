import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, loadConfig } from '@gatecast/server/node';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-vendor-'));
const apiKey = { env: 'BINTU_API_KEY' };
const ingestUrl = 'rtmp://ingest.test/live';

async function load(playback: object): Promise<unknown> {
  const path = join(folder, 'config.json');
  const authorization = { jwksUrl: 'https://idp.test/jwks', playback: { any: true } };
  const config = { keys: { directory: 'keys' }, issuers: { playback }, authorization };
  writeFileSync(path, JSON.stringify(config));
  return (await loadConfig(path)).issuers.playback;
}

describe('the configuration of the issuers with a vendor’s service', () => {
  after(() => rmSync(folder, { recursive: true }));

  const issuers = [
    { type: 'sts-security', apiKey, restrictions: { ip: '192.0.2.7' } },
    { type: 'webcaster-jwt', apiKey, ingestUrl },
    { type: 'playback-jwt', apiKey, revocable: true, forceDisconnect: true, cust: 'shop 7' },
  ];
  for (const issuer of issuers) {
    it(`of ${issuer.type} takes vendor-default and seconds as ttlSeconds`, async () => {
      for (const ttlSeconds of ['vendor-default', 600])
        assert.deepEqual(await load({ ...issuer, ttlSeconds }), { ...issuer, ttlSeconds });
    });

    it(`of ${issuer.type} names ttlSeconds if it is another text or number`, async () => {
      const unknown = 'is neither a number of seconds nor "vendor-default"';
      for (const [ttlSeconds, fault] of [
        ['none', unknown],
        [null, unknown],
        [0, 'is not a whole number from 1 to 31536000'],
      ]) {
        const faults = await load({ ...issuer, ttlSeconds }).catch((error: unknown) =>
          error instanceof ConfigError ? error.faults : [],
        );
        assert.deepEqual(faults, [`issuers.playback.ttlSeconds: ${String(fault)}`]);
      }
    });
  }
});
