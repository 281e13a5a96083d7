import { css } from 'lit';

/** Gives each reason of a refresh its colour, as `--hue` on an element whose class is the reason. */
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
`;
