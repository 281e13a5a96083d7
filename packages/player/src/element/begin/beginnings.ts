import { beginElsewhere } from './begin-elsewhere.js';
import { whenNear } from './when-near.js';

/** One chunk for all of it. */
export const beginnings = { beginElsewhere, whenNear };
