import { describe, expect, it } from 'vitest';
import { arrange, fit, move, resize, show, unchanged } from './column-settings';
import { MOST_NUMBERS, readNumbers } from './number-list';
import { choose, everything, flip, howMany, isChosen, NOTHING, setPage, targetOf } from './selection';
import { asQuery, nextSort, readState, toTab, writeState } from './url-state';

describe('list state in the address', () => {
  it('comes back from the address as it was written', () => {
    const state = { filters: { shop: 'a,b', q: '收纳 盒' }, tab: 'held', sort: '-paid_at', open: '7', size: 100 };
    expect(readState(writeState(state, 'all'), 'all')).toEqual(state);
  });

  it('leaves out what is as usual', () => {
    const usual = readState(new URLSearchParams(), 'all');
    expect(usual).toEqual({ filters: {}, tab: 'all', sort: '', open: '', size: 50 });
    expect(writeState(usual, 'all').toString()).toBe('');
  });

  it('keeps a tab that somebody chose, also the first one', () => {
    const usual = readState(new URLSearchParams('tab=all'), 'all');
    expect(writeState({ ...usual, open: '7' }, 'all', true).toString()).toBe('tab=all&open=7');
  });

  it('refuses page sizes the list does not offer', () => {
    expect(readState(new URLSearchParams('size=100000')).size).toBe(50);
  });

  it('asks the API without the drawer and the page size', () => {
    const state = readState(new URLSearchParams('tab=held&open=7&size=100&q=x'));
    expect(asQuery(state, { kind: 'b' })).toEqual({ tab: 'held', q: 'x', kind: 'b' });
  });

  it('drops with the next tab what led across the tabs, and keeps what was searched for', () => {
    const across = readState(new URLSearchParams('tab=all&hold=overdue&shop=7&sort=due&open=x'));
    expect({ ...across, ...toTab(across, 'hold', ['hold', 'stopped']) }).toEqual({ filters: { shop: '7' }, tab: 'hold', sort: '', open: '', size: 50 });
    const searched = readState(new URLSearchParams('tab=all&shop=7&sort=-paid'));
    expect({ ...searched, ...toTab(searched, 'hold', ['hold']) }).toEqual({ ...searched, tab: 'hold' });
  });

  it('turns a column up, down and off', () => {
    expect(['', 'paid', '-paid'].map((s) => nextSort(s, 'paid'))).toEqual(['paid', '-paid', '']);
    expect(nextSort('-other', 'paid')).toBe('paid');
  });
});

describe('selection', () => {
  it('keeps rows of other pages when a page changes', () => {
    const first = setPage(NOTHING, ['1', '2', '3'], ['1', '3']);
    const second = setPage(first, ['4', '5'], ['5']);
    expect(targetOf(second, {})).toEqual({ ids: ['1', '3', '5'] });
    expect(targetOf(setPage(second, ['1', '2', '3'], []), {})).toEqual({ ids: ['5'] });
  });

  it('across pages passes the filter and the exceptions, never ids', () => {
    const all = flip(everything(1204), '9');
    expect(howMany(all)).toBe(1203);
    expect(isChosen(all, '9')).toBe(false);
    expect(isChosen(all, 'never seen')).toBe(true);
    expect(targetOf(all, { tab: 'held' })).toEqual({ filter: { tab: 'held' }, except: ['9'] });
    expect(howMany(flip(all, '9'))).toBe(1204);
  });

  it('never changes the selection it was given', () => {
    const before = choose(NOTHING, ['1'], true);
    flip(before, '1');
    expect(isChosen(before, '1')).toBe(true);
    expect(howMany(NOTHING)).toBe(0);
  });
});

const COLUMNS = [
  { key: 'no', width: 200, locked: true },
  { key: 'goods', width: 300 },
  { key: 'paid', width: 100 },
  { key: 'memo', width: 120, optional: true },
  { key: 'ops', width: 90, locked: true },
];
const keys = (columns: { key: string }[]) => columns.map((c) => c.key);

describe('columns', () => {
  it('start as the screen defines them, optional ones hidden', () => {
    expect(keys(arrange(COLUMNS, fit(COLUMNS, null)))).toEqual(['no', 'goods', 'paid', 'ops']);
  });

  it('move, hide, show and size, but the locked edges stay', () => {
    let settings = unchanged(COLUMNS);
    settings = move(settings, 'paid', 'no');
    settings = show(settings, 'memo', true);
    settings = show(settings, 'goods', false);
    settings = resize(settings, 'paid', 5);
    const drawn = arrange(COLUMNS, settings);
    expect(keys(drawn)).toEqual(['no', 'paid', 'memo', 'ops']);
    expect(drawn[1]?.width).toBe(64);
  });

  it('survive columns that came and went since they were stored', () => {
    const stored = { order: ['no', 'gone', 'paid', 'goods', 'ops'], hidden: ['gone', 'ops'], widths: { goods: 222 } };
    const settings = fit(COLUMNS, stored);
    expect(settings.order).toEqual(['no', 'paid', 'goods', 'memo', 'ops']);
    expect(settings.hidden).toEqual(['memo']);
    expect(arrange(COLUMNS, settings)[2]).toMatchObject({ key: 'goods', width: 222 });
  });
});

describe('pasted numbers', () => {
  it('are read from any separators, once each', () => {
    const list = readNumbers('="6921"\t6922，6923\n6921 ; 240101-9\r\n');
    expect(list).toEqual({ numbers: ['6921', '6922', '6923', '240101-9'], spoiled: [], repeated: 1, tooMany: false });
  });

  it('tell the ones a spreadsheet destroyed', () => {
    expect(readNumbers('1.23E+17 6921')).toMatchObject({ numbers: ['6921'], spoiled: ['1.23E+17'] });
  });

  it('stop at five hundred and say so', () => {
    const list = readNumbers(Array.from({ length: 501 }, (_, i) => `n${i}`).join(' '));
    expect(list.numbers).toHaveLength(MOST_NUMBERS);
    expect(list.tooMany).toBe(true);
  });
});
