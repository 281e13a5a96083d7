import type { TimeAxis } from '../shared/axis/time-axis.js';
import { wireCopyButton } from '../shared/copy-button.js';
import { findElement } from '../shared/find-element.js';
import type { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { exportRecord } from './export-session.js';

/** Adds the actions of the buttons that copy the URL of the page and save the time axis. */
export function wireSessionExports(axis: TimeAxis, record: TimelineRecord): void {
  const button = (id: string): HTMLButtonElement => findElement(id, HTMLButtonElement);
  wireCopyButton(button('copy-link'), () => location.href);
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
  // By then the browser has started the download and needs the URL no longer.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
