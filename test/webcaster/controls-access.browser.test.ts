import type { SecureWebcaster } from '@gatecast/webcaster';
import { emulateMedia } from '@web/test-runner-commands';
import { expect } from 'chai';
import { messagesAr } from '../../packages/webcaster/src/messages/messages-ar.js';
import { messagesDe } from '../../packages/webcaster/src/messages/messages-de.js';
import { messagesEn } from '../../packages/webcaster/src/messages/messages-en.js';
import { accessibilityViolations } from '../support/accessibility.js';
import { clearFaults } from '../support/backend.js';
import { hasFeature } from '../support/feature.js';
import { focusedIn, surround, tabTo, takeFocus, walkFocus } from '../support/focus-walk.js';
import { pressKey, pressShiftTab } from '../support/press-keys.js';
import { button, controlsOf, mountWithControls, nameOf } from './support/controls-fixture.js';
import { mountWebcaster, unmountAll, until } from './support/webcaster-fixture.js';

const boxOf = (webcaster: SecureWebcaster, selector: string): DOMRect => {
  const element = webcaster.renderRoot.querySelector(selector);
  if (!element) throw new Error(`There is no ${selector}.`);
  return element.getBoundingClientRect();
};

describe('accessibility of <secure-webcaster>', () => {
  afterEach(async () => {
    document.documentElement.dir = '';
    document.documentElement.lang = 'en';
    for (const each of document.querySelectorAll('body > button')) each.remove();
    await unmountAll();
    await clearFaults();
  });

  it('has its final size before code, media and controls are loaded', async () => {
    const below = document.createElement('p');
    const { webcaster } = mountWebcaster({ controls: '' });
    document.body.append(below);
    await webcaster.updateComplete;
    const { top } = below.getBoundingClientRect();
    expect(webcaster.getBoundingClientRect().height).to.be.closeTo((480 * 9) / 16, 1);
    await until(() => webcaster.renderRoot.querySelector('[part~="controls"]') !== null, 'controls');
    await webcaster.startPreview();
    await webcaster.updateComplete;
    expect(below.getBoundingClientRect().top).to.equal(top);
    below.remove();
  });

  for (const width of [340, 296]) {
    it(`shows the whole device menu beside the state and the buttons at ${width} px`, async () => {
      const webcaster = await mountWithControls();
      webcaster.style.width = `${width}px`;
      await webcaster.startPreview();
      button(webcaster, 'Camera and microphone').click();
      await until(() => webcaster.renderRoot.querySelector('.menu') !== null, 'the menu');
      const menu = boxOf(webcaster, '.menu');
      expect(menu.top, 'below the state').to.be.at.least(boxOf(webcaster, '[part~="state"]').bottom);
      expect(menu.bottom, 'above the buttons').to.be.at.most(boxOf(webcaster, '.bar button').top);
      const selects = [...webcaster.renderRoot.querySelectorAll('.menu select')];
      expect(selects).to.have.length(2);
      for (const select of selects) {
        expect(select.getBoundingClientRect().bottom).to.be.lessThan(menu.bottom);
        expect(select.getBoundingClientRect().right).to.be.lessThan(menu.right);
      }
    });
  }

  for (const lang of ['de', 'es', 'fr', 'ja', 'ar']) {
    it(`shows its labels and an error in full at the size of a phone, in ${lang}`, async () => {
      const webcaster = await mountWithControls({ lang, 'token-url': '/api/nothing' });
      webcaster.style.width = '326px';
      await webcaster.startPreview();
      const start = () => controlsOf(webcaster).querySelector<HTMLElement>('[part~="start-button"]');
      await until(() => start()?.textContent.trim() !== 'Go live', 'the language');
      const stage = webcaster.getBoundingClientRect();
      for (const each of controlsOf(webcaster).querySelectorAll('.bar button')) {
        const box = each.getBoundingClientRect();
        const label = document.createRange();
        label.selectNodeContents(each);
        const { left, right, top, bottom } = label.getBoundingClientRect();
        const name = nameOf(each);
        expect(box.left, name).to.be.at.least(stage.left);
        expect(box.right, name).to.be.at.most(stage.right);
        expect(Math.min(left - box.left, box.right - right), `room beside ${name}`).to.be.at.least(4);
        expect(Math.min(top - box.top, box.bottom - bottom), `room above ${name}`).to.be.at.least(0);
      }
      start()?.focus();
      await webcaster.startBroadcast().catch(() => undefined);
      const retry = () => controlsOf(webcaster).querySelector<HTMLElement>('[part~="retry-button"]');
      await until(
        () => retry() !== null && focusedIn(webcaster) === retry(),
        'the focus on the retry button',
      );
      webcaster.scrollIntoView({ block: 'center' });
      for (const each of controlsOf(webcaster).querySelectorAll('.card :is(p, button)')) {
        const { left, top, width, height } = each.getBoundingClientRect();
        expect(top, nameOf(each)).to.be.at.least(webcaster.getBoundingClientRect().top);
        const [middle, lowest] = [left + width / 2, top + height - 4];
        const shown = (webcaster.renderRoot as ShadowRoot).elementFromPoint(middle, lowest);
        expect(each.contains(shown), `${nameOf(each)} is not covered`).to.equal(true);
      }
      expect(await accessibilityViolations(webcaster)).to.deep.equal([]);
      // The last button of the panel closes it.
      controlsOf(webcaster).querySelector<HTMLElement>('.card button:last-child')?.focus();
      await pressKey('Enter');
      await until(
        () => retry() === null && focusedIn(webcaster) === start(),
        'the focus on the start button',
      );
    });
  }

  it('is mirrored in a right-to-left page and passes axe', async () => {
    document.documentElement.dir = 'rtl';
    const webcaster = await mountWithControls();
    await webcaster.startPreview();
    button(webcaster, 'Camera and microphone').click();
    await until(() => webcaster.renderRoot.querySelector('.menu') !== null, 'the menu');
    const stage = webcaster.getBoundingClientRect();
    const rightGap = (box: DOMRect) => stage.right - box.right;
    expect(rightGap(boxOf(webcaster, '[part~="start-button"]'))).to.be.lessThan(40);
    expect(rightGap(boxOf(webcaster, '.menu'))).to.be.lessThan(40);
    expect(rightGap(boxOf(webcaster, '[part~="state"]'))).to.be.lessThan(40);
    const level = webcaster.renderRoot.querySelector('.level');
    const [origin = ''] = level ? getComputedStyle(level).transformOrigin.split(' ') : [];
    expect(parseFloat(origin), 'where the level grows from').to.be.greaterThan(0);
    expect(await accessibilityViolations(webcaster)).to.deep.equal([]);
  });

  it('follows a language that is set later, on the element or around it', async () => {
    const webcaster = await mountWithControls({ lang: 'de' });
    const label = () => nameOf(webcaster.renderRoot.querySelector('[part~="start-button"]') ?? webcaster);
    await until(() => label() === messagesDe.goLive, 'German');
    webcaster.lang = 'ar';
    await until(() => label() === messagesAr.goLive, 'Arabic');
    expect(controlsOf(webcaster).dir).to.equal('rtl');
    webcaster.removeAttribute('lang');
    await until(() => label() === messagesEn.goLive, 'the language of the page');
    document.documentElement.lang = 'de';
    await until(() => label() === messagesDe.goLive, 'the next language of the page');
    document.documentElement.dir = 'rtl';
    await until(
      () => getComputedStyle(controlsOf(webcaster)).direction === 'rtl',
      'the direction of the page',
    );
  });

  const reach = (webcaster: SecureWebcaster, name: string): Promise<Element> =>
    tabTo(webcaster, name, (focused) => nameOf(focused) === name);

  it('can be operated with the keyboard alone, with a visible focus', async () => {
    const webcaster = await mountWithControls();
    const { before } = surround(webcaster);
    await takeFocus(before);
    const start = await reach(webcaster, 'Turn on camera');
    await until(() => getComputedStyle(start).outlineStyle === 'solid', 'a visible focus');
    await pressKey('Enter');
    await until(() => webcaster.state === 'preview', 'the preview');
    await takeFocus(before);
    await reach(webcaster, 'Mute microphone');
    await pressKey('Enter');
    await until(() => webcaster.muted.audio, 'muted');
    // The name of the button has changed. The focus has not.
    const focusedName = () => nameOf(focusedIn(webcaster) ?? before);
    await until(() => focusedName() === 'Unmute microphone', 'the focus on the same button');
    await reach(webcaster, 'Turn video off');
    await pressKey('Enter');
    await until(() => webcaster.muted.video, 'no video');
    await reach(webcaster, 'Camera and microphone');
    await pressKey('Enter');
    const menu = () => webcaster.renderRoot.querySelector('.menu');
    await until(() => menu()?.contains(focusedIn(webcaster)) === true, 'the focus in the menu');
    await pressKey('Escape');
    await until(() => menu() === null, 'the menu to close');
    await until(() => focusedName() === 'Camera and microphone', 'the focus to return');
    await pressKey('Enter');
    await until(() => menu()?.contains(focusedIn(webcaster)) === true, 'the focus in the menu again');
    // Also from outside of the menu.
    await reach(webcaster, 'Camera and microphone');
    await pressKey('Escape');
    await until(() => menu() === null, 'the menu to close again');
    expect(focusedName()).to.equal('Camera and microphone');
    await reach(webcaster, 'Turn camera and microphone off');
    await pressKey('Enter');
    await until(() => webcaster.state === 'idle', 'the preview to end');
  });

  it('reaches every control with Tab, and with Shift and Tab in the other direction', async () => {
    const webcaster = await mountWithControls();
    const { before, after } = surround(webcaster);
    await webcaster.startPreview();
    button(webcaster, 'Camera and microphone').click();
    await until(() => webcaster.renderRoot.querySelector('.menu') !== null, 'the menu');
    const shown = [...webcaster.renderRoot.querySelectorAll('button, select')].filter((control) =>
      control.checkVisibility({ visibilityProperty: true }),
    );
    expect(shown.length).to.be.greaterThan(5);
    await takeFocus(before);
    const forwards = await walkFocus(webcaster, () => pressKey('Tab'));
    expect(document.activeElement, 'after the last control').to.equal(after);
    expect(forwards.map(nameOf)).to.deep.equal(shown.map(nameOf));
    const backwards = await walkFocus(webcaster, pressShiftTab);
    expect(document.activeElement, 'before the first control').to.equal(before);
    expect(backwards.map(nameOf)).to.deep.equal(shown.map(nameOf).reverse());
  });

  if (hasFeature('emulate media')) {
    it('has no animation with prefers-reduced-motion', async () => {
      const webcaster = await mountWithControls();
      const durations = () => getComputedStyle(button(webcaster, 'Go live')).transitionDuration;
      await emulateMedia({ reducedMotion: 'no-preference' });
      expect(durations()).to.equal('0.15s');
      await emulateMedia({ reducedMotion: 'reduce' });
      expect(durations()).to.equal('0s');
      controlsOf(webcaster).querySelector('.badge')?.setAttribute('data-state', 'reconnecting');
      const badge = controlsOf(webcaster).querySelector('.badge');
      expect(badge && getComputedStyle(badge, '::before').animationName).to.equal('none');
      await emulateMedia({ reducedMotion: 'no-preference' });
    });
  }
});
