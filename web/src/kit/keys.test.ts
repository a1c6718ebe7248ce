import { describe, expect, it, vi } from 'vitest';
import { bindingOf, keepsKey, MAIN_KEY, MORE_KEYS, nameOf, shownAs, type KeyBinding } from './keys';
import { keysOf } from './list/batch-bar';
import { rowAfter, rowsAfter } from './list/use-row-keys';

const press = (key: string, part: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...part });
/** The focus lies within these. */
const within = (...selectors: string[]) => (asked: string) => asked.split(', ').some((one) => selectors.includes(one));

describe('what a key is called', () => {
  it('tells keys with Ctrl apart, and leaves those with Alt alone', () => {
    expect([press('J'), press('ArrowDown'), press('F8'), press('f', { ctrlKey: true }), press('F', { metaKey: true }), press('f', { altKey: true })])
      .toEqual(['j', 'ArrowDown', 'F8', 'Ctrl f', 'Ctrl f', '']);
  });
  it('and how it is written', () => {
    expect(['ArrowUp', ' ', 'x', 'F2', 'Ctrl f', 'Enter'].map(shownAs)).toEqual(['↑', '空格', 'X', 'F2', 'Ctrl F', 'Enter']);
  });
});

describe('whose key it is', () => {
  const names = ['j', 'x', '/', ' ', 'Enter', 'ArrowDown', 'F8', 'Ctrl f', 'Escape'];
  it('is the field\'s, whichever key, while somebody types', () => {
    for (const typing of ['textarea', '.ant-select', 'input:not([type=checkbox]', '[contenteditable=true]']) {
      expect(names.filter((name) => !keepsKey(name, within(typing)))).toEqual([]);
    }
  });
  it('is a button\'s for Enter and Space only; a ticked row still moves on', () => {
    expect(names.filter((name) => keepsKey(name, within('button')))).toEqual([' ', 'Enter']);
    expect(keepsKey('ArrowDown', within('input'))).toBe(false);
  });
  it('is a tab\'s, a menu\'s or an open drawer\'s for the arrows', () => {
    for (const place of ['[role=tab]', '[role=menuitem]', '.ant-drawer']) expect(keepsKey('ArrowDown', within(place))).toBe(true);
    expect(keepsKey('j', within('.ant-drawer'))).toBe(false);
  });
  it('is the list\'s everywhere else', () => {
    expect(names.filter((name) => keepsKey(name, within('tr')))).toEqual([]);
  });
});

describe('what a key does', () => {
  it('is what the latest layer says, by any of its names', () => {
    const make = (key: string, ...also: string[]): KeyBinding => ({ key, also, label: key, run: vi.fn() });
    const [below, above] = [make('ArrowDown', 'j'), make('x', 'j')];
    expect(bindingOf([[below], [above]], 'j')).toBe(above);
    expect(bindingOf([[below], [above]], 'ArrowDown')).toBe(below);
    expect(bindingOf([[below]], 'k')).toBe(undefined);
  });
  it('goes from row to row and stops at both ends', () => {
    const ids = ['a', 'b', 'c'];
    expect([rowAfter(ids, '', 1), rowAfter(ids, 'a', 1), rowAfter(ids, 'c', 1), rowAfter(ids, 'a', -1), rowAfter(ids, 'gone', -1), rowAfter([], '', 1)])
      .toEqual(['a', 'b', 'c', 'a', 'a', undefined]);
    // One that left the list: what came after it stands in its place.
    expect([rowAfter(ids, 'gone', 1, 1), rowAfter(ids, 'gone', -1, 1), rowAfter(ids, 'gone', 1, 9)]).toEqual(['b', 'a', 'c']);
  });

  it('knows what follows a row, and goes round', () => {
    const id = (row: string) => row;
    expect(rowsAfter(['a', 'b', 'c'], id, 'b', 1)).toEqual(['c', 'a']);
    expect(rowsAfter(['a', 'c'], id, 'b', 1)).toEqual(['c', 'a']);
    expect(rowsAfter([], id, 'b', 1)).toEqual([]);
  });
  it('is the same for everybody on the bar of a list', () => {
    const action = (key: string, part: object = {}) => ({ key, label: key, ...part });
    const keys = keysOf([action('hold'), action('dispatch', { primary: true }), action('rare', { more: true }), ...'abcd'.split('').map((k) => action(k))]);
    expect([...keys]).toEqual([['hold', 'F2'], ['dispatch', MAIN_KEY], ['a', 'F4'], ['b', 'F9'], ['c', 'F10']]);
    const taken = ['F1', 'F3', 'F5', 'F6', 'F7', 'F11', 'F12'];
    expect([MAIN_KEY, ...MORE_KEYS].filter((key) => taken.includes(key))).toEqual([]);
  });
});
