import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compactStyles } from '../../.config/bundle/compact-styles.js';

describe('the style sheets in gatecast.js', () => {
  it('have neither comments nor spaces that mean nothing', () => {
    const styles = `
      /* Not for browsers: { } */
      :host([theme='a  b']) p :hover,
      slot:not([name]) {
        width: calc(100% - var(--gap, 2px));
        content: ', ; { ';
        display: none !important;
      }
      @media (max-width: 40em) {
        p {
          color: red;
        }
      }
    `;
    assert.equal(
      compactStyles(styles),
      ":host([theme='a  b']) p :hover,slot:not([name]){width:calc(100% - var(--gap,2px));content:', ; { ';display:none !important}@media (max-width:40em){p{color:red}}",
    );
  });
});
