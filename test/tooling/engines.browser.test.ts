import { expect } from 'chai';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { expectedSkips } from '../support/expected-skips.js';
import { features, hasFeature } from '../support/feature.js';
import { testEnvironment } from '../support/test-environment.js';

@customElement('tooling-greeting')
class ToolingGreeting extends LitElement {
  @property({ attribute: 'greeted-name', reflect: true }) greetedName = 'nobody';

  override render() {
    return html`<p>hello ${this.greetedName}</p>`;
  }
}

describe('an engine of the test run', () => {
  it('has media source extensions for H.264 and AAC', () => {
    expect(MediaSource.isTypeSupported('video/mp4; codecs="avc1.42E01E,mp4a.40.2"')).to.equal(true);
  });

  it('lacks exactly the features in the list of expected skips', () => {
    const missing = features.filter((feature) => !hasFeature(feature));
    expect(missing).to.have.members([...expectedSkips[testEnvironment().engine]]);
  });

  it('renders a lit element again when a decorated property changes', async () => {
    const element = new ToolingGreeting();
    document.body.append(element);
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.equal('hello nobody');
    element.greetedName = 'world';
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.equal('hello world');
    element.remove();
  });

  it('has Web Locks, BroadcastChannel, constructable style sheets and custom states', () => {
    expect(navigator.locks).to.be.instanceOf(LockManager);
    expect(new CSSStyleSheet()).to.be.instanceOf(CSSStyleSheet);
    expect(CSS.supports('selector(:state(on))')).to.equal(true);
    const channel = new BroadcastChannel('tooling');
    expect(channel.name).to.equal('tooling');
    channel.close();
  });
});
