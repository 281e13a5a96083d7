import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withLastLineEnd } from '@gatecast/webrtc';

describe('withLastLineEnd', () => {
  it('adds the last line end if it is missing', () => {
    assert.equal(withLastLineEnd('v=0\r\na=mid:0'), 'v=0\r\na=mid:0\r\n');
    assert.equal(withLastLineEnd('v=0\r\n'), 'v=0\r\n');
    assert.equal(withLastLineEnd('v=0\n'), 'v=0\n');
    assert.equal(withLastLineEnd(''), '');
  });
});
