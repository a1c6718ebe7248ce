import { describe, expect, it } from 'vitest';
import { errorFrom, sentence } from '@api/errors';
import { fileName } from '@api/files';
import { address, queryString } from '@api/http';
import type { Station, Task } from '@api/shapes';
import { nextStation, STATIONS } from './stations';
import { isLive, share, taskLine } from './task-text';
import { bars } from './waterfall';

const task = (part: Partial<Task>): Task => ({
  id: 't', kind: 'import', title: '导入', state: 'running', done: 0, total: null, message: '', succeeded: null, failed: null,
  file: null, result_to: null, error_file: null, started_by: '', started_at: '', can_cancel: true, ...part,
});

describe('the door to the API', () => {
  it('leaves out what is empty and joins lists', () => {
    expect(queryString({ a: '', b: null, c: ['x', 'y'], d: 0, e: false })).toBe('c=x%2Cy&d=0&e=false');
    expect(address('/api/x?y=1', { z: 2 })).toBe('/api/x?y=1&z=2');
  });

  it('keeps the server\'s sentence and its fields, in both shapes', () => {
    const error = errorFrom(422, { code: 'invalid', message: '填写有误。', data: { fix: '请检查。', fields: [{ field: 'body.name', problem: '太长' }] } });
    expect(sentence(error)).toBe('填写有误。 请检查。');
    expect(error.fields).toEqual({ name: '太长' });
    expect(errorFrom(409, { code: 'c', message: 'm', data: { fields: { name: '重复' } } }).fields).toEqual({ name: '重复' });
  });

  it('speaks Chinese even when the answer is no JSON', () => {
    expect(sentence(errorFrom(502, null))).toContain('请等十秒');
    expect(sentence(errorFrom(500, '<html>'))).toContain('500');
  });

  it('reads Chinese file names', () => {
    expect(fileName("attachment; filename*=UTF-8''%E6%81%92%E8%BE%BE.xlsx", '下载')).toBe('恒达.xlsx');
    expect(fileName(null, '下载')).toBe('下载');
  });
});

describe('the day', () => {
  const station = (key: Station['key'], count: number, done = false): Station => ({ key, count, done, notes: [] });
  it('goes on at the first station that wants a person', () => {
    expect(nextStation([station('upload', 4), station('holds', 2), station('import', 0, true)], true)).toBe('holds');
    expect(nextStation([station('import', 3, true), station('tracking', 0)], true)).toBe(null);
  });
  it('begins with the import as long as the day brought no orders', () => {
    expect(nextStation(STATIONS.map((key) => station(key, 0)), false)).toBe('import');
    expect(nextStation([station('dispatch', 2)], false)).toBe('dispatch');
  });
});

describe('tasks', () => {
  it('say how far they are and how they ended', () => {
    expect(taskLine(task({ done: 588, total: 1532 }))).toBe('588 / 1,532');
    expect(taskLine(task({ state: 'done', succeeded: 1520, failed: 12 }))).toBe('成功 1,520 · 失败 12');
    expect(taskLine(task({ state: 'failed' }))).toBe('没有完成');
    expect(isLive(task({ state: 'waiting' }))).toBe(true);
    expect(share(task({ done: 9, total: 3 }))).toBe(1);
  });
});

describe('waterfall', () => {
  it('hangs each cost under what is left, and leaves out what is missing', () => {
    const steps = [{ label: '实收', fen: 2990, kind: 'total' as const }, { label: '货', fen: -1120 }, { label: '险', fen: null }, { label: '运费', fen: -2000 }];
    expect(bars(steps)).toEqual([{ from: 0, to: 2990 }, { from: 2990, to: 1870 }, null, { from: 1870, to: -130 }]);
  });
});
