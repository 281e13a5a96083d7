import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLicenceError, readHlsError } from '@gatecast/player/internal/engine/hls/read-hls-error';
import { GatecastError } from '@gatecast/token';

function remedyOf(
  { type = 'networkError', details }: { type?: string; details: string },
  cause: GatecastError | null,
  hasPlayed: boolean,
): string {
  const { kind, error } = readHlsError({ type, details }, cause, hasPlayed);
  return `${kind} ${error.code}`;
}

const notFound = new GatecastError('source-not-found', 'There is nothing.', { hint: '', status: 404 });

describe('a fatal error of hls.js', () => {
  it('is one of encrypted media in each sentence that hls.js 1.7 has for a missing licence server', () => {
    const messages = [
      'emeEnabled with controller: false)',
      'Missing decryption data on fragment in onKeyLoading (emeEnabled with controller: false)',
      'Expected frag.decryptdata to be defined after setting format org.w3.clearkey',
      'HTTP Error 404 loading key',
    ];
    const found = messages.map((message) =>
      isLicenceError({ type: 'networkError', details: 'keyLoadError', error: new Error(message) }),
    );
    assert.deepEqual(found, [true, true, true, false]);
  });

  it('can be resumed once the source has played, for a missing playlist or segment', () => {
    assert.equal(remedyOf({ details: 'levelLoadError' }, notFound, true), 'resume source-not-found');
    assert.equal(remedyOf({ details: 'levelLoadError' }, notFound, false), 'give-up source-not-found');
  });

  it('can be resumed once the source has played, for a playlist that cannot be read', () => {
    assert.equal(remedyOf({ details: 'levelParsingError' }, null, true), 'resume source-not-hls');
    assert.equal(remedyOf({ details: 'levelParsingError' }, null, false), 'give-up source-not-hls');
  });

  it('can be resumed always when the network failed', () => {
    assert.equal(remedyOf({ details: 'fragLoadTimeOut' }, null, false), 'resume source-unreachable');
  });

  it('is final for a codec that the browser lacks', () => {
    const failure = { type: 'mediaError', details: 'bufferAddCodecError' };
    assert.equal(remedyOf(failure, null, true), 'give-up codec-unsupported');
  });
});
