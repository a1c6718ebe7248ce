/** Order numbers pasted from anywhere: lines, commas, tabs, Chinese punctuation, ``="123"``, trailing spaces. */
export const MOST_NUMBERS = 500;

const SPOILED = /^\d(\.\d+)?[eE]\+?\d+$/;

export interface NumberList {
  numbers: string[];
  /** Numbers whose digits a spreadsheet destroyed (1.23E+17); they can find nothing. */
  spoiled: string[];
  repeated: number;
  tooMany: boolean;
}

export function readNumbers(text: string): NumberList {
  const words = text
    .split(/[\s,，;；、|]+/)
    .map((word) => word.replace(/^[="'“”‘’`]+|["'“”‘’`]+$/g, ''))
    .filter(Boolean);
  const spoiled = words.filter((word) => SPOILED.test(word));
  const good = words.filter((word) => !SPOILED.test(word));
  const numbers = [...new Set(good)];
  return {
    numbers: numbers.slice(0, MOST_NUMBERS),
    spoiled,
    repeated: good.length - numbers.length,
    tooMany: numbers.length > MOST_NUMBERS,
  };
}
