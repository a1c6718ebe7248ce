import { describe, expect, it } from 'vitest';
import type { Stations } from '@api/shapes';
import { FIRST_STEPS, guideOf, heldParts, waitWords } from './guide';
import { badges, COUNTS, NAMES, uploadParts } from './stations';

const KEYS = ['import', 'holds', 'dispatch', 'tracking', 'upload'] as const;
const day = (counts: readonly number[], more: Partial<Stations> = {}): Stations => ({
  stations: KEYS.map((key, i) => ({ key, count: counts[i] ?? 0, done: !counts[i], notes: [] })),
  deadline: null, late: 0, fed: true, importing: 0, returns: 0, doubtful: 0, unmatched: 0, unsent: 0, unconfirmed: 0, no_parcel: 0, to_download: 0, shipped_there: 0, waiting: [], held: [], ...more,
});
const states = (seen: Stations) => guideOf(seen).steps.map((s) => s.state).join(' ');

describe('the day in five steps', () => {
  it('begins with the files, also where nothing has ever been imported', () => {
    const guide = guideOf(day([0, 0, 0, 0, 0], { fed: false }));
    expect(guide.now).toBe(0);
    expect(guide.steps[0]?.text).toContain('拖进来');
    expect(guide.steps.slice(1).every((s) => s.state === 'later')).toBe(true);
  });
  it('is told with the same names before the first shop', () => {
    const names = guideOf(day([], { fed: false })).steps.map((s) => s.name);
    expect(names).toEqual(KEYS.map((key) => NAMES[key]));
    expect(FIRST_STEPS.at(-1)).toContain(names.join(' → '));
    expect(FIRST_STEPS.at(-1)).toContain(guideOf(day([], { fed: false })).steps[0]?.text);
  });
  it('says how many files wait', () => {
    expect(guideOf(day([12], { fed: false })).steps[0]?.text).toBe('12 个文件等着导入');
  });
  it('waits for the files that are being imported', () => {
    const guide = guideOf(day([0, 0, 0, 0, 3], { importing: 2 }));
    expect([guide.now, guide.steps[0]?.text, guide.steps[0]?.verb]).toEqual([0, '2 个文件正在导入，导完再看下一步', '看进度']);
  });
  it('brings in suppliers’ answers where numbers are, not at the beginning of the day', () => {
    const guide = guideOf(day([0, 0, 0, 25, 9], { returns: 3 }));
    expect([guide.now, guide.steps[0]?.state, guide.steps[3]?.to]).toEqual([3, 'done', '/import']);
    expect(guide.steps[3]?.text).toBe('供应商的 3 个回单文件等着导入，25 单等供应商给单号');
  });
  it('does not hide what is left of yesterday before the new files', () => {
    expect(states(day([0, 0, 0, 25, 0], { fed: false }))).toBe('open later later open later');
  });
  it('leads to matching first, then to the other holds', () => {
    const both = guideOf(day([0, 11, 0, 0, 0], { unmatched: 7 })).steps[1];
    expect([both?.text, both?.to]).toEqual(['7 单待匹配，4 单有异常', '/match']);
    expect(guideOf(day([0, 4])).steps[1]?.to).toBe('/orders?tab=hold');
  });
  it('tells dispatching from sending', () => {
    const at = (unsent: number) => guideOf(day([0, 0, 170, 0, 0], { unsent })).steps[2];
    expect([at(0)?.text, at(0)?.to]).toEqual(['170 单可以派给供应商', '/dispatch']);
    expect([at(9)?.text, at(9)?.to]).toEqual(['161 单可以派给供应商，9 单已派，还没发给供应商', '/dispatch']);
    expect([at(170)?.text, at(170)?.to]).toEqual(['170 单已派，还没发给供应商', '/send']);
  });
  it('has what waits to be dispatched and what waits to be sent at their own screens', () => {
    const seen = badges(day([1, 0, 86, 0, 0], { unsent: 85, returns: 2 }));
    expect([seen.dispatch?.waiting, seen.send?.waiting, seen.import?.waiting]).toEqual([1, 85, 3]);
  });
  it('is done when only the platform has still to confirm', () => {
    const guide = guideOf(day([0, 0, 0, 0, 0], { unconfirmed: 9 }));
    expect(guide.now).toBe(-1);
    expect(guide.waits).toBe('9 单已上传，下次导入平台文件时确认');
  });
  it('does not wait on the upload screen for orders of which nothing is sent', () => {
    const guide = guideOf(day([0, 0, 0, 0, 0], { unconfirmed: 9, no_parcel: 1 }));
    expect(guide.now).toBe(-1);
    expect(guide.waits).toBe('9 单已上传，下次导入平台文件时确认，1 单不用发货，在平台后台点“无需物流发货”');
  });
  it('ends although orders wait for somebody else, and says for what', () => {
    const guide = guideOf(day([0, 0, 0, 0, 0], { waiting: [{ what: '退款有结果', orders: 2 }, { what: '平台允许发货', orders: 1 }] }));
    expect(guide.now).toBe(-1);
    expect(guide.waits).toBe('3 单在等：2 单等退款有结果、1 单等平台允许发货');
  });
  it('takes the held ones apart, so that its number and the tab add up', () => {
    const held = [{ what: '退款有结果', orders: 6 }, { what: '平台允许发货', orders: 2 }];
    expect(heldParts(23, held)).toEqual({ todo: 15, waits: 8 });
    expect(heldParts(3, [])).toEqual({ todo: 3, waits: 0 });
    expect(waitWords(held)).toBe('8 单在等：6 单等退款有结果、2 单等平台允许发货');
    expect(waitWords([])).toBe('');
  });
  it('takes the tab of the upload apart, so that what waits for the platform is not called to be uploaded', () => {
    expect(uploadParts(170, day([0, 0, 0, 0, 2], { unconfirmed: 165 }))).toEqual({ todo: 2, unconfirmed: 165, rest: 3 });
    expect(uploadParts(1, day([0, 0, 0, 0, 2], { unconfirmed: 9 }))).toEqual({ todo: 1, unconfirmed: 0, rest: 0 });
  });
  it('leads to what the platform already has as shipped', () => {
    expect(guideOf(day([0, 0, 0, 0, 1], { shipped_there: 1 })).steps[4]?.text).toBe('1 单平台已发货，点“不用上传”');
  });
  it('leads to numbers that a person must look at, also where no order waits for one', () => {
    const guide = guideOf(day([0, 0, 0, 25, 9], { doubtful: 3 }));
    const step = guide.steps[3];
    expect([guide.now, step?.text, step?.verb, step?.to]).toEqual([3, '3 条单号要您看一下，25 单等供应商给单号', '去看', '/tracking']);
    const only = guideOf(day([0, 0, 0, 0, 0], { doubtful: 1 }));
    expect([only.now, only.steps[3]?.to, only.steps[3]?.text]).toEqual([3, '/tracking', '1 条单号要您看一下']);
    expect(guideOf(day([0], { doubtful: 1, returns: 1 })).steps[3]?.to).toBe('/import');
  });
  it('counts them at the menu, and says so', () => {
    expect(badges(day([0, 0, 0, 25, 0])).tracking).toEqual({ waiting: 25, counts: COUNTS.tracking });
    const seen = badges(day([0, 0, 0, 25, 0], { doubtful: 3 })).tracking;
    expect([seen?.waiting, seen?.counts]).toEqual([28, `3 条单号要您看一下；25 单：${COUNTS.tracking}`]);
  });
  it('uploads what has its number before it waits for the rest', () => {
    const guide = guideOf(day([0, 0, 0, 25, 9]));
    expect([guide.now, guide.steps[3]?.state, guide.steps[4]?.text, guide.steps[4]?.to]).toEqual([4, 'open', '9 单待上传平台', '/upload']);
    expect(guideOf(day([0, 0, 0, 25, 0])).now).toBe(3);
  });
});
