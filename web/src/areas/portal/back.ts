import type { components } from '@api/schema';

export type Back = components['schemas']['PortalBack'];

/** The box after handing in: what could not be used stays, to be mended; all else was taken. */
export const boxOf = (back: readonly Back[]): string => back.map((b) => b.text).join('\n\n');

const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());

/** The complaints whose lines still stand in the box as they were. */
export function still(back: readonly Back[], text: string): Back[] {
  const here = new Set(lines(text));
  return back.filter((b) => lines(b.text).every((line) => here.has(line)));
}
