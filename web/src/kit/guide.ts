import type { Stations, StationKey } from '@api/shapes';
import { count } from './format';
import { paths, to } from './paths';
import { NAMES, STATIONS, toRoute } from './stations';

/** done: nothing left · open: something waits · later: its turn has not come. */
export type GuideState = 'done' | 'open' | 'later';

export interface GuideStep {
  name: string;
  state: GuideState;
  /** What is left, or what to do. */
  text: string;
  verb: string;
  to: string;
}

export interface Guide {
  steps: GuideStep[];
  /** The step to do now; -1 when the day is done. */
  now: number;
  /** What is still out when everything is done: waits for the platform. */
  waits: string;
}

/** What comes once, before the first of them. */
export const FIRST_STEPS: readonly string[] = [
  '在“店铺”里新增您的店铺',
  '在“供应商”“商品”里导入报价与商品',
  `以后每天五步：${STATIONS.map((key) => NAMES[key]).join(' → ')}；从把平台导出的今天的订单文件拖进来开始`,
];

const words = (parts: readonly (string | false)[]) => parts.filter(Boolean).join('，');

const inAll = (waiting: Stations['waiting']): number => waiting.reduce((sum, w) => sum + w.orders, 0);

/** ``3 单在等：2 单等退款有结果、1 单等平台允许发货``; empty where none does. */
export const waitWords = (waiting: Stations['waiting']): string => {
  const stands = inAll(waiting);
  return stands > 0 ? `${count(stands)} 单在等：${waiting.map((w) => `${count(w.orders)} 单等${w.what}`).join('、')}` : '';
};

/** What the tab 异常 counts, taken apart: what a person here can end, and what waits for somebody else. */
export function heldParts(held: number, waiting: Stations['held']): { todo: number; waits: number } {
  const waits = Math.min(held, inAll(waiting));
  return { todo: held - waits, waits };
}

/** The day in five steps, one a station, from what is counted now: each ticks itself off, and comes back with new work. */
export function guideOf(seen: Stations): Guide {
  const n = (key: StationKey) => seen.stations.find((s) => s.key === key)?.count ?? 0;
  const { fed, importing, returns, doubtful, unmatched, unsent, unconfirmed, no_parcel: noParcel, shipped_there: shippedThere, waiting } = seen;
  const files = n('import');
  const held = Math.max(0, n('holds') - unmatched);
  const route = toRoute(seen);
  const owed = n('tracking');
  const upload = n('upload');
  const state = (left: number): GuideState => (left > 0 ? 'open' : fed ? 'done' : 'later');
  const steps: GuideStep[] = [
    {
      name: NAMES.import, state: files + importing > 0 || !fed ? 'open' : 'done', verb: files === 0 && importing > 0 ? '看进度' : '去导入', to: paths.import,
      text: files > 0 ? `${count(files)} 个文件等着导入` : importing > 0 ? `${count(importing)} 个文件正在导入，导完再看下一步` : '把平台导出的今天的订单文件拖进来',
    },
    {
      name: NAMES.holds, state: state(unmatched + held), verb: unmatched > 0 ? '去匹配' : '去处理', to: unmatched > 0 ? paths.match : to('orders', { tab: 'hold' }),
      text: words([unmatched > 0 && `${count(unmatched)} 单待匹配`, held > 0 && `${count(held)} 单有异常`]),
    },
    {
      name: NAMES.dispatch, state: state(route + unsent), verb: route > 0 ? '去派单' : '去发送', to: route > 0 ? paths.dispatch : paths.send,
      text: words([route > 0 && `${count(route)} 单可以派给供应商`, unsent > 0 && `${count(unsent)} 单已派，还没发给供应商`]),
    },
    {
      name: NAMES.tracking, state: returns + doubtful > 0 ? 'open' : state(owed),
      verb: returns > 0 ? '去导入回单' : doubtful > 0 ? '去看' : '去回填', to: returns > 0 ? paths.import : paths.tracking,
      text: words([returns > 0 && `供应商的 ${count(returns)} 个回单文件等着导入`, doubtful > 0 && `${count(doubtful)} 条单号要您看一下`, owed > 0 && `${count(owed)} 单等供应商给单号`]),
    },
    {
      name: NAMES.upload, state: state(upload), verb: '去上传', to: paths.upload,
      text: words([upload > shippedThere && `${count(upload - shippedThere)} 单待上传平台`, shippedThere > 0 && `${count(shippedThere)} 单平台已发货，点“不用上传”`]),
    },
  ];
  const first = steps.findIndex((s) => s.state === 'open');
  // What has its number is uploaded before suppliers are waited for.
  const onlyWaits = first === 3 && returns + doubtful === 0 && upload > 0;
  return {
    steps,
    now: onlyWaits ? 4 : first,
    waits: words([
      waitWords(waiting),
      unconfirmed > 0 && `${count(unconfirmed)} 单已上传，下次导入平台文件时确认`,
      noParcel > 0 && `${count(noParcel)} 单不用发货，在平台后台点“无需物流发货”`,
    ]),
  };
}

/** The screens of the day, where the guide stands. */
export const GUIDED: readonly string[] = [
  paths.today, paths.import, paths.orders, paths.match, paths.matched, paths.dispatch, paths.send, paths.tracking, paths.upload,
];
