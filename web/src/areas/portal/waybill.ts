/** What a waybill's code is used for: a tracking number in it, or none. Goods' own codes (EAN) are never read. */

const WHOLE = /^[A-Za-z]{0,6}\d[\dA-Za-z-]{7,29}$/;
const INSIDE = /(?<![A-Za-z\d])[A-Za-z]{0,4}\d{9,20}(?![A-Za-z\d])/g;

/** The tracking number that a scanned text holds: the text itself, or the only number in it; else null. */
export function numberIn(text: string): string | null {
  const said = text.trim();
  if (WHOLE.test(said)) return said.toUpperCase();
  const found = new Set((said.match(INSIDE) ?? []).map((n) => n.toUpperCase()));
  const [only] = found;
  return found.size === 1 && only ? only : null;
}

export interface Parcel {
  number: string;
  name: string;
}

/** Lines as the box takes them: ``our number tracking number``. */
const pairs = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/\s+/));

/** Whether a parcel already has a line in the box. */
export const hasLine = (text: string, number: string): boolean => pairs(text).some((words) => words[0] === number && words.length > 1);

/** Whether a tracking number already stands in the box. */
export const standsIn = (text: string, tracking: string): boolean => pairs(text).some((words) => words.some((w) => w.toUpperCase() === tracking));

/** The box with one more line. */
export const withLine = (text: string, number: string, tracking: string): string => `${text.trimEnd()}${text.trim() ? '\n' : ''}${number} ${tracking}\n`;

/** The parcel whose turn it is after this one: the next without a line, from the start again. */
export function nextParcel(parcels: readonly Parcel[], text: string, after: string): string | null {
  const at = parcels.findIndex((p) => p.number === after);
  const inTurn = [...parcels.slice(at + 1), ...parcels.slice(0, at + 1)];
  return inTurn.find((p) => !hasLine(text, p.number))?.number ?? null;
}
