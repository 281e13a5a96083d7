import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CaptionPreferences,
  type CaptionStorage,
} from '@gatecast/player/internal/overlay/skin/captions/caption-preferences';
import {
  CAPTION_CHOICES,
  captionDeclarations as declarationsOf,
  readCaptionStyle,
  withChoice,
  writeCaptionStyle,
  type CaptionStyle,
} from '@gatecast/player/internal/overlay/skin/captions/caption-style';

function createStorage(): CaptionStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** For a usual size of 20 pixels. */
const captionDeclarations = (style: CaptionStyle): string => declarationsOf(style, 20);

describe('the style of captions', () => {
  it('leaves to the browser what the viewer has not chosen', () => {
    assert.equal(captionDeclarations({}), '');
    assert.equal(captionDeclarations({ size: '150' }), 'font-size: 30px;');
    assert.equal(captionDeclarations({ color: 'yellow' }), 'color: rgb(255 255 0);');
    assert.equal(captionDeclarations({ edge: 'none' }), 'text-shadow: none;');
  });

  it('has a colour and an opacity of the background, also when only one of them is chosen', () => {
    assert.equal(captionDeclarations({ background: 'blue' }), 'background: rgb(0 0 255 / 80%);');
    assert.equal(captionDeclarations({ opacity: '25' }), 'background: rgb(0 0 0 / 25%);');
    assert.equal(captionDeclarations({ background: 'red', opacity: '0' }), 'background: rgb(255 0 0 / 0%);');
  });

  it('has another shadow for each edge, and a light one for dark text', () => {
    const shadows = CAPTION_CHOICES.edge.map((edge) => captionDeclarations({ edge }));
    assert.equal(new Set(shadows).size, CAPTION_CHOICES.edge.length);
    assert.match(captionDeclarations({ edge: 'outline' }), /#111/);
    assert.match(captionDeclarations({ edge: 'outline', color: 'black' }), /#eee/);
  });

  it('is read as it was written, without anything that cannot be chosen', () => {
    const style = { size: '200', color: 'cyan', background: 'black', opacity: '50', edge: 'raised' } as const;
    assert.deepEqual(readCaptionStyle(writeCaptionStyle(style)), style);
    const hostile =
      '{"color":"red; background: url(//x.example)","size":150,"edge":"__proto__","opacity":"25"}';
    assert.deepEqual(readCaptionStyle(hostile), { opacity: '25' });
    const long = `{"color":"red","x":"${'y'.repeat(1000)}"}`;
    for (const text of ['', '{', '1', 'null', '[]', '"red"', '{"color":{}}', long])
      assert.deepEqual(readCaptionStyle(text), {}, text.slice(0, 40));
    assert.deepEqual(withChoice({ size: '50', color: 'red' }, 'size', ''), { color: 'red' });
  });
});

describe('CaptionPreferences', () => {
  it('remembers what is chosen for the next page, until it is reset', () => {
    const storage = createStorage();
    const preferences = new CaptionPreferences(() => storage);
    const seen: unknown[] = [];
    const stop = preferences.onChanged(() => void seen.push(preferences.style));
    preferences.choose('size', '150');
    preferences.choose('edge', 'outline');
    assert.deepEqual(new CaptionPreferences(() => storage).style, { size: '150', edge: 'outline' });
    preferences.choose('size', '');
    preferences.reset();
    assert.deepEqual(seen, [{ size: '150' }, { size: '150', edge: 'outline' }, { edge: 'outline' }, {}]);
    assert.equal(storage.items.size, 0);
    stop();
    preferences.choose('size', '50');
    assert.equal(seen.length, 4);
  });

  it('keeps a choice for the page where storage is refused, full or damaged', () => {
    const refuse = (): never => {
      throw new DOMException('refused', 'SecurityError');
    };
    const full = { ...createStorage(), setItem: refuse };
    const damaged = createStorage();
    damaged.items.set('gatecast-captions', '{"size":');
    for (const open of [refuse, () => full, () => damaged]) {
      const preferences = new CaptionPreferences(open);
      assert.deepEqual(preferences.style, {});
      preferences.choose('color', 'yellow');
      assert.deepEqual(preferences.style, { color: 'yellow' });
    }
    assert.deepEqual(readCaptionStyle(damaged.items.get('gatecast-captions') ?? ''), { color: 'yellow' });
    assert.equal(full.items.size, 0);
  });
});
