export type EventTone = 'plain' | 'good' | 'warn' | 'bad';

/** Takes one line of text for each event. */
export interface EventLog {
  /** @param atMs Milliseconds since the epoch. @defaultValue now */
  add(text: string, tone?: EventTone, atMs?: number): void;
}
