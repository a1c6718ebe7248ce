import { expect, it } from 'vitest';
import { bellState, inOrder, knownBody, placeOf } from './bell-words';

const alarm = (key: string, known: boolean, level = 'warn') => ({ key, known, level, facts: `f-${key}` });

it('counts what is new to me and turns red when something has stopped', () => {
  expect(bellState([])).toEqual({ fresh: 0, bad: false, label: '没有提醒' });
  expect(bellState([alarm('a', false), alarm('b', true, 'bad')])).toEqual({ fresh: 1, bad: false, label: '1 条新提醒' });
  expect(bellState([alarm('a', false, 'bad')]).bad).toBe(true);
  expect(bellState([alarm('a', true)]).label).toBe('1 条提醒，都看过了');
});

it('puts new ones first and keeps the order otherwise', () => {
  expect(inOrder([alarm('a', true), alarm('b', false), alarm('c', false)]).map((a) => a.key)).toEqual(['b', 'c', 'a']);
});

it('sends back the facts that were shown, of those that are new only', () => {
  expect(knownBody([alarm('a', false), alarm('b', true)])).toEqual({ keys: { a: 'f-a' } });
});

it('leads to the screen of its one action', () => {
  expect(placeOf({ screen: 'connections', query: { open: 'c1' } })).toBe('/connections?open=c1');
  expect(placeOf({ screen: 'status', query: {} })).toBe('/status');
});
