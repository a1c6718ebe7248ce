import { describe, expect, it } from 'vitest';
import type { Task } from '@api/shapes';
import { overNow } from './followed';
import { noticeLine } from './task-text';

const task = (id: string, state: Task['state'], more: Partial<Task> = {}): Task =>
  ({ id, state, kind: 'export', title: '', done: 0, total: null, message: '', succeeded: null, failed: null, file: null, result_to: null, error_file: null, started_by: '', started_at: '', can_cancel: false, ...more });

describe('the end of a task', () => {
  it('is told where it ran before, once', () => {
    const seen = new Set<string>();
    expect(overNow([task('a', 'running')], seen, [])).toEqual([]);
    expect(overNow([task('a', 'done')], seen, []).map((t) => t.id)).toEqual(['a']);
    expect(overNow([task('a', 'done')], seen, [])).toEqual([]);
  });

  it('is told of what this window began although it was over before anybody looked', () => {
    expect(overNow([task('quick', 'done'), task('other', 'done')], new Set(), ['quick']).map((t) => t.id)).toEqual(['quick']);
  });

  it('says what came of it', () => {
    const file = { name: 'x', path: '/f', asks_reason: false };
    expect(noticeLine(task('a', 'done', { file, succeeded: 30, failed: 0, message: '导出了 30 行' }))).toBe('导出了 30 行');
    expect(noticeLine(task('a', 'done', { succeeded: 0, failed: 1, message: '额度用完了' }))).toBe('成功 0 · 失败 1：额度用完了');
    expect(noticeLine(task('a', 'done', { succeeded: 2, failed: 0 }))).toBe('成功 2 · 失败 0');
  });
});
