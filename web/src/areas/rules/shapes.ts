import type { components } from '@api/schema';

export type Rule = components['schemas']['RuleView'];
export type Vocabulary = components['schemas']['Vocabulary'];
export type FieldWord = components['schemas']['FieldOut'];
export type Replay = components['schemas']['ReplayOut'];
export type PlatformRule = components['schemas']['PlatformRuleRow'];
export type RateList = components['schemas']['RateList'];
export type Exemption = components['schemas']['ExemptionRow'];
export type ExemptionList = components['schemas']['ExemptionList'];
export type Blocked = components['schemas']['BlockedRow'];
export type Rate = components['schemas']['RateRow'];

export interface Condition {
  field: string;
  op: string;
  value: unknown;
}
/** A condition, or a group inside, which the editor keeps as it is. */
export type Part = Condition | Record<string, unknown>;
export interface Action {
  do: string;
  word: string | number;
}
export interface Draft {
  name: string;
  way: 'all' | 'any';
  parts: Part[];
  actions: Action[];
  stop: boolean;
}

/** Which key of an action's document holds its one word. */
const WORD_OF: Record<string, string> = { hold: 'text', approve: 'text', route: 'supplier' };
const wordOf = (verb: string) => WORD_OF[verb] ?? 'value';
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);

export const isCondition = (part: Part): part is Condition => 'field' in part;

/** A stored definition as the editor holds it. */
export function draftOf(name: string, definition: Record<string, unknown>): Draft {
  const when = (definition['when'] ?? {}) as Record<string, unknown>;
  const way = 'any' in when ? 'any' : 'all';
  return {
    name,
    way,
    parts: records(when[way]),
    actions: records(definition['then']).map((a) => ({ do: String(a['do']), word: a[wordOf(String(a['do']))] as string | number })),
    stop: definition['stop'] === true,
  };
}

/** What the editor holds, as the document that is stored. */
export const definitionOf = (draft: Omit<Draft, 'name'>): Record<string, unknown> => ({
  when: { [draft.way]: draft.parts },
  then: draft.actions.map((a) => ({ do: a.do, [wordOf(a.do)]: a.word })),
  stop: draft.stop,
});

/** What a fresh condition of this field starts with. */
export const freshCondition = (field: FieldWord): Condition => {
  const op = field.operators[0]?.value ?? 'is';
  return { field: field.key, op, value: freshValue(field, op) };
};

export function freshValue(field: FieldWord, op: string): unknown {
  if (field.kind === 'yes') return true;
  if (field.kind === 'hour') return [22, 6];
  return isMany(field, op) ? [] : null;
}

/** Whether the value of this comparison is a list of words. */
export const isMany = (field: FieldWord, op: string): boolean => op === 'in' || op === 'not_in' || field.kind === 'set' || field.kind === 'text';

/** The list with one thing a step up (-1) or down (1). */
export function moved<T>(list: readonly T[], at: number, step: -1 | 1): T[] {
  const next = [...list];
  const [one] = next.splice(at, 1);
  if (one !== undefined) next.splice(at + step, 0, one);
  return next;
}

/** ``when.all.2`` → row 2 of the conditions; ``then.0`` → row 0 of the actions; -1: the whole part. */
export function placeOf(path: string): { part: 'conditions' | 'actions'; row: number } | null {
  const [head, ...rest] = path.split('.');
  if (head !== 'when' && head !== 'then') return null;
  const row = Number(head === 'when' ? rest[1] : rest[0]);
  return { part: head === 'when' ? 'conditions' : 'actions', row: Number.isInteger(row) ? row : -1 };
}
