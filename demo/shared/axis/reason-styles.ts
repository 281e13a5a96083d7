import { css } from 'lit';

/** Sets `--hue` to the colour of a refresh reason, on elements that have the reason as their class. */
export const reasonStyles = css`
  .initial {
    --hue: var(--reason-initial);
  }
  .scheduled {
    --hue: var(--reason-scheduled);
  }
  .rejected {
    --hue: var(--reason-rejected);
  }
  .resume {
    --hue: var(--reason-resume);
  }
  .manual {
    --hue: var(--reason-manual);
  }
  .origin,
  .tab {
    --hue: var(--reason-origin);
  }
`;
