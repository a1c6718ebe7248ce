import { describe, expect, it } from 'vitest';
import { unopened, waysOut } from './words';

describe('what is left to do after sending', () => {
  it('says by channel that the person passes it on', () => {
    const sent = [{ supplier: '恒达', channel: 'sheet' }, { supplier: '云集', channel: 'link' }, { supplier: '利得', channel: 'text' }, { supplier: '鸿顺', channel: 'sheet' }];
    expect(waysOut(sent, true).map((w) => w.text)).toEqual([
      '2 家用表格（恒达、鸿顺）：表格在下载的压缩包里，请您转发给供应商',
      '1 家用文本（利得）：文本在下载的压缩包里，请您粘贴发给供应商',
      '1 家用链接（云集）：请把链接发给供应商；以前发过的链接还是同一个，打开就能看到新单',
    ]);
    expect(waysOut(sent.slice(0, 1), false)[0]?.text).toContain('表格已下载，请您转发');
  });
  it('does not blame a supplier for not opening the link who answered all the same', () => {
    const row = { opened_at: null, accepted: 0, refused: 0, shipped: 0 };
    expect([unopened(row), unopened({ ...row, shipped: 22 }), unopened({ ...row, opened_at: 'x' })]).toEqual(['还没打开', '没打开链接，用别的方式回的', '']);
  });
});
