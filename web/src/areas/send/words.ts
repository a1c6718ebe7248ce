export interface Sent {
  supplier: string;
  channel: string;
}

const WAYS: readonly { channel: string; way: string; rest: (zipped: boolean) => string }[] = [
  { channel: 'sheet', way: '表格', rest: (zipped) => `表格${zipped ? '在下载的压缩包里' : '已下载'}，请您转发给供应商` },
  { channel: 'text', way: '文本', rest: (zipped) => `文本${zipped ? '在下载的压缩包里' : '已下载'}，请您粘贴发给供应商` },
  { channel: 'link', way: '链接', rest: () => '请把链接发给供应商；以前发过的链接还是同一个，打开就能看到新单' },
];

/** What is left for a person, by channel: nothing leaves for a supplier by itself here. */
export function waysOut(sent: readonly Sent[], zipped: boolean): { channel: string; text: string }[] {
  return WAYS.flatMap(({ channel, way, rest }) => {
    const names = sent.filter((s) => s.channel === channel).map((s) => s.supplier);
    return names.length > 0 ? [{ channel, text: `${names.length} 家用${way}（${names.join('、')}）：${rest(zipped)}` }] : [];
  });
}

/** Whether a link that nobody opened matters: who answers otherwise needs none. */
export const unopened = (row: { opened_at: string | null; accepted: number; refused: number; shipped: number }): string =>
  row.opened_at ? '' : row.accepted + row.refused + row.shipped > 0 ? '没打开链接，用别的方式回的' : '还没打开';
