import { age, count, isBroken, yuanShort, type Connection, type Tone } from '@kit/index';
import type { Deed, Queues, Switch } from './types';

const KINDS: Record<string, string> = { buy: '下单', pay: '付款', ship: '回传发货', cancel: '取消订单', refund: '申请退款', answer_case: '答复售后', memo: '写备注', answer_wish: '答复改地址' };
const TONES: Record<string, Tone> = { person: 'bad', held: 'warn', refused: 'bad', unknown: 'warn', calling: 'doing' };

export const kindWords = (kind: string): string => KINDS[kind] ?? kind;
export const deedTone = (state: string): Tone => TONES[state] ?? 'doing';

export interface ProofPart {
  label: string;
  n: number;
  /** A figure that has to be nought, and is not: being asked after, or broken. */
  bad: '' | 'soon' | 'broken';
}

/** The proof: what was placed, what nobody knows, what was bought twice (never), what waits for money. */
export function proofParts(proof: Readonly<Record<string, number>>): ProofPart[] {
  const of = (key: string) => proof[key] ?? 0;
  return [
    { label: '下单', n: of('placements'), bad: '' },
    { label: '结果未知', n: of('unknown'), bad: of('unknown') > 0 ? 'soon' : '' },
    { label: '重复', n: of('duplicates'), bad: of('duplicates') > 0 ? 'broken' : '' },
    { label: '等付款', n: of('waiting_payment'), bad: '' },
  ];
}

export interface QueuePart {
  label: string;
  n: number;
  note: string;
}

/** How many deeds outside wait for a person, whatever the screen is narrowed to. */
export const toDecide = (q: Queues): number => ['person', 'held', 'refused'].reduce((sum, state) => sum + (q.outbox[state] ?? 0), 0);

/** The queues in the order that things flow: what came in, what is worked on, what goes out. */
export function queueParts(q: Queues): QueuePart[] {
  const out = (state: string) => q.outbox[state] ?? 0;
  const oldest = (seconds: number | null, n: number) => { const said = age(seconds); return said && n > 0 ? `最久 ${said}` : ''; };
  const going = out('ready') + out('calling');
  return [
    { label: '来件待读', n: q.inbox_new, note: '' },
    { label: '后台任务', n: q.jobs_waiting, note: oldest(q.jobs_oldest_seconds, q.jobs_waiting) },
    { label: '待执行', n: going, note: oldest(q.outbox_oldest_seconds, going) },
    { label: '结果未知', n: out('unknown'), note: out('unknown') > 0 ? '正在按编号查证' : '' },
    { label: '要人决定', n: toDecide(q), note: '' },
    { label: '读不懂', n: q.inbox_parked, note: '' },
  ];
}

export type Answer = 'approve' | 'again' | 'done' | 'not_done' | 'drop';

/** The price that stopped it, where one was quoted. */
export function quoted(deed: Pick<Deed, 'result'>): number | null {
  const fen = deed.result['quoted_fen'];
  return typeof fen === 'number' ? fen : null;
}

/** What of a held placing is mended at its supplier's offers; null where only a word gets it on. */
export function mendOf(deed: Pick<Deed, 'kind' | 'state' | 'result' | 'supplier_id'>): { supplier_id: string; mend: string; things: string[] } | null {
  const { mend, things } = deed.result;
  if (deed.kind !== 'buy' || deed.state !== 'held' || !deed.supplier_id || typeof mend !== 'string' || mend === '') return null;
  return { supplier_id: deed.supplier_id, mend, things: Array.isArray(things) ? things.map(String) : [] };
}

/** Look-ups that came to nothing, before a person may say how it is. */
const LOOKED = 3;

/** Whether both sides can be laid next to each other. */
export const comparable = (deed: Pick<Deed, 'kind' | 'state' | 'purchase_id'>): boolean => deed.kind === 'buy' && deed.purchase_id !== null && (deed.state === 'person' || deed.state === 'unknown');

/** Those that a person may send by sheet instead: nothing of them was placed. */
export const sheetable = (rows: readonly Pick<Deed, 'id' | 'kind' | 'state' | 'result' | 'supplier_id'>[]): string[] => rows.filter(mendOf).map((d) => d.id);

/** What a person may answer, the likeliest first. An outcome that is not known is never simply tried again. */
export function answersFor(deed: Pick<Deed, 'kind' | 'state' | 'result' | 'asks' | 'visible_at'>, now: number): Answer[] {
  if (deed.state === 'unknown') {
    const seen = deed.visible_at === null || Date.parse(deed.visible_at) <= now;
    return deed.asks < LOOKED || !seen ? [] : deed.kind === 'buy' ? ['not_done'] : ['done', 'not_done'];
  }
  if (deed.state === 'person') return ['done', 'not_done', 'drop'];
  if (deed.state === 'held') return deed.kind === 'buy' && quoted(deed) !== null ? ['approve', 'again', 'drop'] : ['again', 'drop'];
  return deed.state === 'refused' ? ['again', 'drop'] : [];
}

export function answerLabel(answer: Answer, deed: Pick<Deed, 'kind' | 'result'>): string {
  const fen = quoted(deed);
  if (answer === 'approve') return fen === null ? '同意这个价格' : `同意 ${yuanShort(fen)}`;
  if (answer === 'done' && deed.kind === 'buy') return '已下单，去绑定';
  return { again: '再试一次', done: '已在对方完成', not_done: '核对过没有', drop: '不做了' }[answer];
}

/** Where a person pays it; undefined when nothing waits for that. */
export const payUrl = (deed: Pick<Deed, 'kind' | 'state' | 'result'>): string | undefined => {
  const url = deed.result['url'];
  return deed.kind === 'pay' && deed.state === 'person' && typeof url === 'string' ? url : undefined;
};

/** Payments of one account, two or more; ``url`` once one page stands for all of them. */
export function paidTogether(deeds: readonly Pick<Deed, 'id' | 'connection_id' | 'kind' | 'state' | 'result'>[]): { ids: string[]; url: string | undefined }[] {
  const groups = new Map<string, { ids: string[]; urls: Set<string> }>();
  for (const deed of deeds) {
    const url = payUrl(deed);
    if (!url) continue;
    const group = groups.get(deed.connection_id) ?? { ids: [], urls: new Set<string>() };
    group.ids.push(deed.id);
    group.urls.add(url);
    groups.set(deed.connection_id, group);
  }
  return [...groups.values()].filter((g) => g.ids.length > 1).map((g) => ({ ids: g.ids.slice(0, 100), url: g.urls.size === 1 ? [...g.urls][0] : undefined }));
}

/** What "checked, it is not there" leads to. */
export const notDoneSure = (deed: Pick<Deed, 'kind' | 'reference'>): string =>
  deed.kind === 'pay' ? '请先在对方平台看过，确实还没有付款。会再生成一次付款页。' : `请先在对方平台按编号 ${deed.reference} 查过，确实没有。会用同一个编号再下一次。`;

/** How many other suppliers stand in the row itself; the rest unfold. */
const SWITCHES_SHOWN = 2;

/** ``换 义乌小店：+¥0.80 · 晚 1 天``. */
export const switchLabel = (to: Pick<Switch, 'name' | 'said'>): string => (to.said ? `换 ${to.name}：${to.said}` : `换 ${to.name}`);

/** What is sent when that one is pressed: never dearer than what was seen. */
export const switchSaid = (to: Pick<Switch, 'supplier_id' | 'landed_fen'>) => ({ answer: 'switch', supplier_id: to.supplier_id, seen_fen: to.landed_fen });

/** The other suppliers in the row, and how many more unfold. */
export function switchesShown<T>(all: readonly T[], open: boolean): { shown: readonly T[]; more: number } {
  return open || all.length <= SWITCHES_SHOWN ? { shown: all, more: 0 } : { shown: all.slice(0, SWITCHES_SHOWN), more: all.length - SWITCHES_SHOWN };
}

/** ``12 秒后查证``, ``正在查证``. */
export function nextLook(due: string, now: number): string {
  const left = Date.parse(due) - now;
  return left <= 0 ? '正在查证' : `${age(left / 1000)}后再查`;
}

/** What the screen has to say about. */
export interface Trouble {
  stuck: number;
  doubtful: number;
  parked: number;
  /** Authorisations that are gone, and those that fail by themselves. */
  broken?: number;
  failing?: number;
  /** What waits for a person besides, where the screen shows a part only. */
  elsewhere?: number;
}

/** The screen's answer in one line: what a person must do, else what is wrong and mends itself. */
export function answerLine({ stuck, doubtful, parked, broken = 0, failing = 0, elsewhere = 0 }: Trouble): string {
  const waits = [...(broken > 0 ? [`${count(broken)} 个授权失效`] : []), ...(stuck > 0 ? [`${count(stuck)} 件要您决定`] : []), ...(elsewhere > 0 ? [`${stuck > 0 ? '另有' : '这里没有，别的单有'} ${count(elsewhere)} 件要您决定`] : [])];
  if (waits.length > 0) return waits.join('，');
  if (failing > 0) return `${count(failing)} 个授权正在出错，系统会自己再试`;
  if (parked > 0) return `${count(parked)} 条读不懂，其余都在自己走`;
  return doubtful > 0 ? `${count(doubtful)} 件正在查证，不用您动手` : '都在自己走，没有要您管的';
}

/** Those that want a look first: gone, paused by the breaker, failing; the rest as they came. */
export function byTrouble<T extends Pick<Connection, 'state' | 'pause_seconds' | 'failing'>>(rows: readonly T[]): T[] {
  const rank = (r: T) => (isBroken(r) ? 0 : r.pause_seconds !== null ? 1 : r.failing ? 2 : 3);
  return [...rows].sort((a, b) => rank(a) - rank(b));
}
