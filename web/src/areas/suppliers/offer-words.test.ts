import { describe, expect, it } from 'vitest';
import { askedToCompare, askedToLink, compared, firstDraft, pairsOf, priceWords, successor, tierWords, type Choice, type OfferLink } from './offer-words';

const sku = (code: string) => ({ id: `id-${code}`, code, title: '花瓶', spec: '白', image_url: '' });
const option = (spec_id: string, words: string, more: Partial<Choice> = {}): Choice =>
  ({ spec_id, words, price_fen: 1120, stock: 9, code: '', image_url: '', guess: null, ...more });
const guess = (code: string, sure: boolean) => ({ guess: { sku: sku(code), reason: '编码一致', sure } });
const link = (more: Partial<OfferLink> = {}): OfferLink => ({
  id: 'l', sku: sku('A'), spec_id: 's1', frozen: true, gone: false,
  was: { words: '颜色 白色、尺寸 大', title: '陶瓷花瓶', code: 'HP-1', image_url: '', price_fen: 1120 }, ...more,
});

describe('what is filled in before a person confirms', () => {
  it('takes certain suggestions only, each SKU once', () => {
    const draft = firstDraft([option('s1', '白', guess('A', true)), option('s2', '黑', guess('B', false)), option('s3', '灰', guess('A', true))]);
    expect(pairsOf(draft)).toEqual([{ sku_id: 'id-A', spec_id: 's1' }]);
  });
  it('takes a likely one where that SKU is what they came for', () => {
    expect(pairsOf(firstDraft([option('s2', '黑', guess('B', false))], ['A', 'B']))).toEqual([{ sku_id: 'id-B', spec_id: 's2' }]);
  });
});

describe('a frozen link', () => {
  it('shows what differs', () => {
    const rows = compared(link(), '陶瓷花瓶', option('s1', '颜色 白色（新版）、尺寸 大', { code: 'HP-1' }));
    expect(rows.filter((r) => r.differs).map((r) => r.label)).toEqual(['规格']);
    expect(compared(link(), '陶瓷花瓶', null).every((r) => r.after === '' && r.differs)).toBe(true);
  });
  it('knows no old title where none was kept', () => {
    const rows = compared(link({ was: { words: '白', title: '', code: '', image_url: '', price_fen: null } }), '陶瓷花瓶', option('s1', '黑'));
    expect(rows.find((r) => r.label === '标题')?.differs).toBe(false);
  });
  it('finds who took its place by code, then by words, and never a stranger', () => {
    const gone = link({ gone: true });
    expect(successor(gone, [option('s2', '黑'), option('s3', '别的', { code: 'HP-1' })])).toBe('s3');
    expect(successor(gone, [option('s2', '颜色 黑色、尺寸 小'), option('s3', '颜色 白色、尺寸 大（新）')])).toBe('s3');
    expect(successor(gone, [option('s2', '容量 500ml')])).toBeNull();
  });
});

describe('words of an offer', () => {
  it('says prices where they may be seen', () => {
    expect(tierWords({ tiers: [{ min: 1, price_fen: 500 }, { min: 10, price_fen: 450 }] })).toBe('1 件起 ¥5.00，10 件起 ¥4.50');
    expect([priceWords({ low_fen: null, high_fen: null }), priceWords({ low_fen: 500, high_fen: 500 })]).toEqual(['—', '¥5.00']);
  });
  it('reads what somebody came to link from the address', () => {
    expect([askedToLink('#link=HP-001%20A'), askedToLink('#link=a%2Cb,c'), askedToLink('#link='), askedToLink('')]).toEqual([['HP-001 A'], ['a,b', 'c'], [], null]);
    expect([askedToCompare('#offer=612%203'), askedToCompare('#link=A')]).toEqual(['612 3', undefined]);
  });
});
