import { describe, expect, it } from 'vitest';
import { endOf, factsOf, HELD, mixed, wantsLook, waysOf } from './ends';

describe('how imports ended', () => {
  it('is complete only when every file is', () => {
    expect(endOf(['done', 'done'])).toBe('导入完成');
    expect(endOf(['cancelled'])).toBe('已取消');
    expect(endOf(['done', 'cancelled', 'done'])).toBe('3 个文件里有 1 个已取消');
    expect(endOf(['failed', 'cancelled'])).toBe('2 个文件里有 2 个没有导完');
  });
});

const outcome = (key: string, label: string, value: number) => ({ key, label, value, to: null });

describe('what a file of tracking numbers says', () => {
  const of = (doubtful: number, rejected: number, state = 'done') => ({ card: { id: 'a', kind: 'tracking', kind_label: '快递单号', state }, to_look: doubtful, outcomes: [outcome('new', '对上了', 3), outcome('doubtful', '请看一下', doubtful)], rejected_total: rejected });

  it('wants somebody only where something is left to do', () => {
    expect(wantsLook(of(0, 0))).toBe(false);
    expect(wantsLook(of(1, 0))).toBe(true);
    expect(wantsLook(of(0, 1))).toBe(true);
    expect(wantsLook(of(0, 0, 'failed'))).toBe(true);
  });

  it('adds up under its own names', () => {
    expect(factsOf([of(2, 0), { ...of(1, 0), card: { id: 'b', kind_label: '快递单号' } }])).toEqual([{ label: '对上了', value: 6 }, { label: '请看一下', value: 3, to: '/tracking?imported=a%2Cb' }]);
  });

  it('does not add up orders with recipients', () => {
    const file = (kind_label: string, value: number) => ({ card: { id: kind_label, kind_label }, to_look: 0, outcomes: [outcome('new', '新增', value), outcome('updated', '更新', 2)] });
    const two = [file('订单', 200), file('收件人', 0)];
    expect([mixed(two), mixed(two.slice(1))]).toEqual([true, false]);
    expect(factsOf(two)).toEqual([{ label: '订单新增', value: 200 }, { label: '订单更新', value: 2 }, { label: '收件人更新', value: 2 }]);
  });
});

describe('where a person goes on', () => {
  const file = (doubtful: number, next: string, id = 'a') => ({ card: { id, kind_label: '快递单号' }, to_look: doubtful, outcomes: [outcome('doubtful', '请看一下', doubtful)], next: { label: '去', to: next } });

  it('looks at doubtful numbers first, and uploads second', () => {
    const two = [file(0, '/upload'), file(2, '/tracking?imported=a')];
    expect(waysOf(two)).toEqual({ next: { label: '先看 2 行', to: '/tracking?imported=a' }, also: { label: '去上传平台', to: '/upload' } });
    expect(factsOf(two)).toEqual([{ label: '请看一下', value: 2, to: '/tracking?imported=a' }]);
    expect(waysOf([...two, file(1, '/tracking?imported=b', 'b')]).next).toEqual({ label: '先看 3 行', to: '/tracking?imported=a%2Cb' });
    expect(waysOf([file(0, '/upload')])).toEqual({ next: { label: '去', to: '/upload' } });
  });

  it('sees to held orders before all', () => {
    expect(waysOf([file(2, '/tracking?imported=a'), file(0, HELD)])).toEqual({ next: { label: '去', to: HELD }, also: { label: '先看 2 行', to: '/tracking?imported=a' } });
    expect(waysOf([])).toEqual({});
  });
});
