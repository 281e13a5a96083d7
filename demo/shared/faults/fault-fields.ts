export type FaultField = HTMLInputElement | HTMLSelectElement;

/** The named fields of a form; the name is the fault's path. */
export function faultFieldsOf(form: HTMLFormElement): FaultField[] {
  return [...form.elements].filter(
    (element): element is FaultField =>
      (element instanceof HTMLInputElement || element instanceof HTMLSelectElement) && element.name !== '',
  );
}

/** What a form says, by path; `null` where a fault is not wanted. */
export function readFaultFields(form: HTMLFormElement): Record<string, unknown> {
  return Object.fromEntries(faultFieldsOf(form).map((field) => [field.name, readField(field)]));
}

function readField(field: FaultField): unknown {
  if (field instanceof HTMLInputElement && field.type === 'checkbox') return field.checked || null;
  if (field.value === '') return null;
  switch (field.dataset['kind']) {
    case 'number':
      return Number(field.value);
    case 'json':
      return JSON.parse(field.value);
    case undefined:
    default:
      return field.value;
  }
}

/** A value that a select has no option for becomes one, so that the form never says what is not so. */
export function fillFaultField(field: FaultField, value: unknown): void {
  if (field instanceof HTMLInputElement && field.type === 'checkbox') {
    field.checked = value === true;
    return;
  }
  const isText = typeof value === 'string' && field.dataset['kind'] !== 'json';
  const text = value === undefined ? '' : isText ? value : JSON.stringify(value);
  if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === text)) {
    field.add(new Option(text, text));
  }
  field.value = text;
}
