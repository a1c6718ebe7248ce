import type { Station, StationKey, Stations } from '@api/shapes';
import { count } from './format';
import type { ScreenKey } from './paths';

/** The day's five stations in their order. */
export const STATIONS: readonly StationKey[] = ['import', 'holds', 'dispatch', 'tracking', 'upload'];

/** Their names, wherever the day is told: on the line, in the guide, before the first shop. */
export const NAMES: Readonly<Record<StationKey, string>> = {
  import: '导入订单', holds: '处理异常', dispatch: '派单采购', tracking: '回填单号', upload: '上传平台',
};

/** What the number of each station counts, beside its name and in the menu. */
export const COUNTS: Readonly<Record<StationKey, string>> = {
  import: '等着导入的订单等文件；供应商的回单文件算在④',
  holds: '要您处理的单：待匹配和异常；在等别人的不算',
  dispatch: '要您派单、要您发给供应商的单；自动派单、接口自动下单的不算',
  tracking: '只差供应商单号的单；接口自动回单号的不算',
  upload: '要您上传的单；已上传等确认、自动上传、在等同一单其余商品的不算',
};

/** What the tab 上传和确认 holds, taken apart, so that it agrees with ⑤. */
export function uploadParts(held: number, seen: Stations): { todo: number; unconfirmed: number; rest: number } {
  const todo = Math.min(held, seen.stations.find((s) => s.key === 'upload')?.count ?? 0);
  const unconfirmed = Math.min(held - todo, seen.unconfirmed);
  return { todo, unconfirmed, rest: held - todo - unconfirmed };
}

/** What waits at each screen of the menu; the dispatch station is the work of two of them. */
export function badges(seen: Stations): Partial<Record<ScreenKey, { waiting: number; counts: string }>> {
  const n = (key: StationKey) => seen.stations.find((s) => s.key === key)?.count ?? 0;
  const { doubtful } = seen;
  return {
    import: { waiting: n('import') + seen.returns, counts: '等着导入的文件' },
    orders: { waiting: n('holds'), counts: COUNTS.holds },
    match: { waiting: seen.unmatched, counts: '待匹配的单，也算在“订单”的数里' },
    dispatch: { waiting: toRoute(seen), counts: '等您派单的单；自动派单的不算' },
    send: { waiting: seen.unsent, counts: '等您发给供应商的单；接口自动下单的、有异常先不发的不算' },
    tracking: { waiting: n('tracking') + doubtful, counts: doubtful > 0 ? `${count(doubtful)} 条单号要您看一下；${count(n('tracking'))} 单：${COUNTS.tracking}` : COUNTS.tracking },
    upload: { waiting: n('upload'), counts: COUNTS.upload },
  };
}

/** Of the dispatch station, what waits to be given to a supplier; the rest waits to be sent. */
export const toRoute = (seen: Stations): number => Math.max(0, (seen.stations.find((s) => s.key === 'dispatch')?.count ?? 0) - seen.unsent);

/** The first station that still wants a person, on a day without orders yet the import; only it gets the primary button. */
export const nextStation = (stations: readonly Station[], fed: boolean): StationKey | null =>
  STATIONS.find((key) => stations.some((s) => s.key === key && !s.done && s.count > 0)) ?? (fed ? null : 'import');
