import { describe, expect, it } from 'vitest';
import { answerLabel, answerLine, answersFor, byTrouble, mendOf, nextLook, notDoneSure, paidTogether, payUrl, proofParts, queueParts, switchesShown, switchLabel, switchSaid } from './words';

const deed = (kind: string, state: string, result: Record<string, unknown> = {}, asks = 0) => ({ kind, state, result, asks, visible_at: '2026-11-29T00:00:00Z' });
const LATER = Date.parse('2026-11-29T00:00:01Z');

describe('what a person may answer', () => {
  it('approves a price only where one was quoted', () => {
    expect(answersFor(deed('buy', 'held', { quoted_fen: 1520 }), 0)).toEqual(['approve', 'again', 'drop']);
    expect(answersFor(deed('buy', 'held'), 0)).toEqual(['again', 'drop']);
    expect(answerLabel('approve', deed('buy', 'held', { quoted_fen: 1520 }))).toBe('同意 ¥15.20');
    expect([answerLabel('done', deed('buy', 'person')), answerLabel('done', deed('ship', 'person'))]).toEqual(['已下单，去绑定', '已在对方完成']);
  });
  it('never simply repeats what may have happened', () => {
    expect(answersFor(deed('buy', 'person'), 0)).toEqual(['done', 'not_done', 'drop']);
    expect(answersFor(deed('ship', 'refused'), 0)).toEqual(['again', 'drop']);
    expect(answersFor(deed('buy', 'unknown', {}, 9), 0)).toEqual([]);
    expect(answersFor(deed('buy', 'unknown', {}, 2), LATER)).toEqual([]);
  });
  it('lets a person say so once looking came to nothing, late enough to have seen it', () => {
    expect(answersFor(deed('buy', 'unknown', {}, 3), LATER)).toEqual(['not_done']);
    expect(answersFor(deed('pay', 'unknown', {}, 3), LATER)).toEqual(['done', 'not_done']);
  });
});

describe('what a placing stopped for', () => {
  it('is mended at the offers of its supplier only while it is held for that', () => {
    const held = { ...deed('buy', 'held', { mend: 'link', things: ['A'] }), supplier_id: 's' };
    expect(mendOf(held)).toEqual({ supplier_id: 's', mend: 'link', things: ['A'] });
    expect(mendOf({ ...held, state: 'person' })).toBeNull();
    expect(mendOf({ ...held, result: { mend: '', things: [] } })).toBeNull();
  });
});

describe('paying on one page', () => {
  const due = (id: string, url: string, connection_id = 'c') => ({ id, connection_id, kind: 'pay', state: 'person', result: { url } });
  it('opens the page of what waits for a person to pay, and only that', () => {
    expect(payUrl(due('1', 'https://a'))).toBe('https://a');
    expect(payUrl({ ...due('1', 'https://a'), state: 'unknown' })).toBeUndefined();
    expect(payUrl({ ...due('1', 'https://a'), kind: 'buy' })).toBeUndefined();
  });
  it('joins the payments of one account, and opens their page once they share one', () => {
    expect(paidTogether([due('1', 'a'), due('2', 'b'), due('3', 'x', 'other')])).toEqual([{ ids: ['1', '2'], url: undefined }]);
    expect(paidTogether([due('1', 'a'), due('2', 'a')])).toEqual([{ ids: ['1', '2'], url: 'a' }]);
    expect(paidTogether([due('1', 'a')])).toEqual([]);
  });
  it('never says of a payment that it orders again', () => {
    expect(notDoneSure({ kind: 'pay', reference: 'P-1' })).not.toContain('再下一次');
    expect(notDoneSure({ kind: 'buy', reference: 'P-1' })).toContain('P-1');
  });
});

describe('another supplier for what is held', () => {
  const to = { supplier_id: 's', name: '义乌小店', said: '+¥0.80 · 晚 1 天', landed_fen: 1500 };
  it('says who, how much more and how much later', () => {
    expect(switchLabel(to)).toBe('换 义乌小店：+¥0.80 · 晚 1 天');
    expect(switchLabel({ ...to, said: '' })).toBe('换 义乌小店');
  });
  it('buys no dearer than what was seen', () => {
    expect(switchSaid(to)).toEqual({ answer: 'switch', supplier_id: 's', seen_fen: 1500 });
    expect(switchSaid({ ...to, landed_fen: null }).seen_fen).toBeNull();
  });
  it('keeps the row to a few, the best first', () => {
    expect(switchesShown([1, 2], false)).toEqual({ shown: [1, 2], more: 0 });
    expect(switchesShown([1, 2, 3, 4, 5], false)).toEqual({ shown: [1, 2], more: 3 });
    expect(switchesShown([1, 2, 3, 4], true)).toEqual({ shown: [1, 2, 3, 4], more: 0 });
  });
});

describe('the status in words', () => {
  it('marks what has to be nought', () => {
    expect(proofParts({ placements: 12, unknown: 0, duplicates: 0, waiting_payment: 3 }).some((p) => p.bad)).toBe(false);
    expect(proofParts({ placements: 12, unknown: 2, duplicates: 1 }).map((p) => p.bad)).toEqual(['', 'soon', 'broken', '']);
  });
  it('says the next look', () => {
    const now = Date.parse('2026-11-20T12:00:00Z');
    expect(nextLook('2026-11-20T12:00:30Z', now)).toBe('30 秒后再查');
    expect(nextLook('2026-11-20T11:59:59Z', now)).toBe('正在查证');
  });
  it('says how old a queue is only when something is in it', () => {
    const parts = queueParts({ jobs_waiting: 0, jobs_oldest_seconds: 9, inbox_new: 2, inbox_parked: 1, outbox: { ready: 1, held: 2, refused: 1 }, outbox_oldest_seconds: 70 });
    expect(parts.map((p) => [p.label, p.n, p.note])).toEqual([
      ['来件待读', 2, ''], ['后台任务', 0, ''], ['待执行', 1, '最久 1 分'], ['结果未知', 0, ''], ['要人决定', 3, ''], ['读不懂', 1, ''],
    ]);
    const line = (stuck: number, doubtful: number, parked: number, more = {}) => answerLine({ stuck, doubtful, parked, ...more });
    expect([line(2, 1, 1), line(0, 0, 4), line(0, 3, 0), line(0, 0, 0)]).toEqual(['2 件要您决定', '4 条读不懂，其余都在自己走', '3 件正在查证，不用您动手', '都在自己走，没有要您管的']);
  });
  it('puts what stopped before what merely waits, and trouble first', () => {
    const none = { stuck: 0, doubtful: 0, parked: 0 };
    expect([answerLine({ ...none, stuck: 2, broken: 1 }), answerLine({ ...none, parked: 1, broken: 1 }), answerLine({ ...none, parked: 1, failing: 2 })])
      .toEqual(['1 个授权失效，2 件要您决定', '1 个授权失效', '2 个授权正在出错，系统会自己再试']);
    expect([answerLine({ ...none, elsewhere: 5 }), answerLine({ ...none, stuck: 1, elsewhere: 4 })]).toEqual(['这里没有，别的单有 5 件要您决定', '1 件要您决定，另有 4 件要您决定']);
    const row = (id: string, state: string, pause_seconds: number | null, failing: boolean) => ({ id, state, pause_seconds, failing });
    const rows = [row('well', 'working', null, false), row('failing', 'working', null, true), row('pausing', 'working', 9, true), row('gone', 'expired', null, false), row('well too', 'paused', null, false)];
    expect(byTrouble(rows).map((r) => r.id)).toEqual(['gone', 'pausing', 'failing', 'well', 'well too']);
  });
});
