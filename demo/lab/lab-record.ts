import { TimelineRecord } from '../shared/record/timeline-record.js';
import type { SeenError } from './cases/judge-case.js';

/** How much of the media was there at an instant. */
export interface BufferSample {
  readonly atMs: number;
  readonly aheadSeconds: number;
}

export type IncidentKind = 'fault' | 'mended' | 'error' | 'verdict';

/** Something that deserves a line across the whole time axis. */
export interface Incident {
  readonly kind: IncidentKind;
  readonly atMs: number;
  readonly text: string;
}

const mostSamples = 6_000;
const mostIncidents = 500;

/** What the lab knows of a session: a timeline with buffer, errors and what the tester did. */
export class LabRecord extends TimelineRecord {
  buffer: BufferSample[] = [];
  incidents: Incident[] = [];
  errors: SeenError[] = [];

  addBuffer(sample: BufferSample): void {
    this.buffer = [...this.buffer.slice(-mostSamples), sample];
    this.dispatchEvent(new Event('change'));
  }

  addIncident(kind: IncidentKind, text: string, atMs = Date.now()): void {
    this.incidents = [...this.incidents.slice(-mostIncidents), { kind, text, atMs }];
    this.dispatchEvent(new Event('change'));
  }

  addError(error: SeenError, text: string): void {
    this.errors = [...this.errors.slice(-mostIncidents), error];
    this.addIncident('error', text, error.atMs);
  }
}
