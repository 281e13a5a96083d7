import { wireCopyButton } from '../shared/copy-button.js';
import { findElement } from '../shared/find-element.js';
import type { TimeAxis } from '../shared/axis/time-axis.js';
import { exportRecord } from './export-session.js';
import type { TimelineRecord } from '../shared/record/timeline-record.js';

export interface SessionExportsOptions {
  readonly axis: TimeAxis;
  readonly record: TimelineRecord;
  readonly html: () => string;
  readonly vendorLink: () => string;
  readonly report: () => Promise<string>;
}

/** The buttons by which things leave the lab: to the clipboard, or into a file. */
export function wireSessionExports({ axis, record, html, vendorLink, report }: SessionExportsOptions): void {
  const button = (id: string): HTMLButtonElement => findElement(id, HTMLButtonElement);
  async function takeReport(): Promise<string> {
    const text = await report();
    findElement('report', HTMLElement).textContent = text;
    return text;
  }
  wireCopyButton(button('copy-link'), () => location.href);
  wireCopyButton(button('copy-embed'), html);
  wireCopyButton(button('copy-vendor-link'), vendorLink);
  wireCopyButton(button('copy-report'), takeReport);
  button('take-report').addEventListener('click', () => void takeReport());
  button('save-json').addEventListener('click', () => {
    const text = JSON.stringify(exportRecord(record), null, 2);
    saveFile('time-axis.json', new Blob([text], { type: 'application/json' }));
  });
  button('save-png').addEventListener('click', () => {
    void axis.toPng().then((picture) => {
      if (picture) saveFile('time-axis.png', picture);
    });
  });
}

function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = `gatecast-${name}`;
  link.click();
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
