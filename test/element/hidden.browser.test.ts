import '@gatecast/player/define';
import '@gatecast/webcaster/define';
import { expect } from 'chai';
import { cleanPage } from '../player/support/clean-page.js';

/** The rule of the quick starts. Rules of a page win over those of an element that are not `!important`. */
const pageRule = 'secure-player, secure-webcaster { display: block; aspect-ratio: 16 / 9; }';

describe('an element with the attribute `hidden`', () => {
  const sheet = document.createElement('style');

  before(() => {
    sheet.textContent = pageRule;
    document.head.append(sheet);
  });

  after(() => {
    sheet.remove();
  });

  afterEach(cleanPage);

  for (const tag of ['secure-player', 'secure-webcaster'] as const) {
    it(`is hidden, whatever \`display\` the page gives to it: <${tag}>`, async () => {
      const element = document.createElement(tag);
      document.body.append(element);
      await element.updateComplete;
      const display = (): string => getComputedStyle(element).display;
      expect(display()).to.equal('block');
      element.hidden = true;
      expect(display()).to.equal('none');
      element.hidden = false;
      element.style.display = 'flex';
      expect(display()).to.equal('flex');
      element.hidden = true;
      expect(display()).to.equal('none');
      element.remove();
    });
  }
});
