import { createContext, useContext } from 'react';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer, Target } from '@api/shapes';
import { bySheet, mendAt, to, type Hold, type HoldRemedy } from '@kit/index';
import { LIST, type HoldBrief, type OrderRow, type OrderStopped } from './types';

export const clearHolds = (holds: readonly string[], why: string) => (key: string) =>
  post<ActionAnswer>(`${LIST}/clear-holds`, { holds, why }, { key });

export const choosePath = (target: Target, path: string) => (key: string) =>
  post<ActionAnswer>(`${LIST}/recipient-path`, { target, path }, { key });

/** The buyers were asked: until something new is found, the orders wait for the answers; or not any more. */
export const askBuyers = (target: Target, asked: boolean) => (key: string) =>
  post<ActionAnswer>(`${LIST}/asked`, { target, asked }, { key });

// What is settled here, or ends by itself, is no question to the buyer.
const NOT_THE_BUYERS = new Set(['number_conflict', 'lines_missing', 'unmatched', 'address_wish']);
const buyerSettles = (hold: Pick<HoldBrief, 'kind' | 'blocks' | 'waits_for'>): boolean => hold.blocks && !hold.waits_for && !NOT_THE_BUYERS.has(hold.kind);

const chooseShop = (order: string, move: boolean) => (key: string) =>
  post<ActionAnswer>(`${LIST}/${order}/shop`, { move }, { key });

/** What cells and cards can ask the screen to open. */
export interface Doors {
  open: (order: string) => void;
  /** The order's drawer, on one of its tabs. */
  show: (order: string, tab: string) => void;
  compare: (order: string) => void;
  editRecipient: (order: string) => void;
  go: (address: string) => void;
}

export const DoorsContext = createContext<Doors>({ open: () => {}, show: () => {}, compare: () => {}, editRecipient: () => {}, go: () => {} });

/** The screen on which a hold is mended, narrowed to what is missing there; null where it is mended in place. */
export function mendedAt(remedy: string, order: Pick<OrderRow, 'id'>): string | null {
  switch (remedy) {
    case 'match': return to('match');
    case 'import_lines': return to('import');
    case 'add_supply': return to('goods', { order: order.id });
    case 'dispatch_now': return to('dispatch', { ids: [order.id] });
    default: return null;
  }
}

const STOPPED: Readonly<Record<string, string>> = { link: '货源没关联', compare: '货源变了' };

/** Where a stopped purchase goes on, as the filter of the list says it; ``decide``: only a person can. */
export const STOPPED_KINDS = ['link', 'compare', 'decide'] as const;
export const stoppedLabel = (mend: string): string => STOPPED[mend] ?? '下单停下了';

/** A purchase by API that stopped, as a chip. */
export const stoppedChip = (s: OrderStopped): Hold => ({ id: s.id, kind: 'stopped', label: stoppedLabel(s.mend), reason: s.reason });

/** Where a stopped purchase of this order goes on: the supplier's offers, else the order's deed on 运行状态. */
export const goesOnAt = (s: OrderStopped, order: Pick<OrderRow, 'id'>): { label: string; address: string } =>
  mendAt(s) ?? { label: '去决定', address: to('status', { order: order.id }) };

/** Whether another supplier or a sheet gets it on as well: its goods are not to be had there by API as they stand. */
export const elsewhere = (s: Pick<OrderStopped, 'mend'>): boolean => s.mend === 'link' || s.mend === 'compare';

/** The buttons of a stopped purchase, for those who may see those screens. */
export function useGoOn(order: Pick<OrderRow, 'id'>): (stopped: OrderStopped) => HoldRemedy[] {
  const doors = useContext(DoorsContext);
  const seesOffers = useMay('purchasing.view');
  const seesStatus = useMay('connections.view');
  const sends = useMay('purchasing.send');
  return (stopped) => {
    const { label, address } = goesOnAt(stopped, order);
    const first: HoldRemedy[] = (mendAt(stopped) ? seesOffers : seesStatus) ? [{ label, open: () => doors.go(address) }] : [];
    if (!elsewhere(stopped)) return first;
    if (sends) first.push({ label: '改发表格', run: bySheet([stopped.id]) });
    if (seesStatus) first.push({ label: '换供应商', open: () => doors.go(to('status', { order: order.id })) });
    return first;
  };
}

/** Nobody delivers there: besides another supplier, a corrected place may mend it. */
export const placeMayBeWrong = (hold: Pick<HoldBrief, 'kind'>): boolean => hold.kind === 'region_not_served';

/** The chip's way out of each kind of hold: the remedy first, then a person's word where that is enough. */
export function useRemedies(order: Pick<OrderRow, 'id' | 'number' | 'platform' | 'asked'>): (hold: HoldBrief) => HoldRemedy[] {
  const doors = useContext(DoorsContext);
  const mayRules = useMay('rules.edit');
  const pass = (hold: HoldBrief): HoldRemedy => ({ label: '放行', run: clearHolds([hold.id], '看过，可以发货') });
  const remedy = (hold: HoldBrief): HoldRemedy => {
    const label = hold.remedy_label;
    const elsewhere = mendedAt(hold.remedy, order);
    if (elsewhere) return { label, open: () => doors.go(elsewhere) };
    switch (hold.remedy) {
      case 'add_recipient': case 'fix_address': case 'check_address': return { label, open: () => doors.editRecipient(order.id) };
      case 'choose_shop': return { label, run: chooseShop(order.id, false) };
      case 'see_duplicate': return { label, open: () => doors.compare(order.id) };
      case 'see_refund': return { label, open: () => doors.show(order.id, 'aftersale') };
      case 'answer_wish': return { label, open: () => doors.show(order.id, 'overview') };
      case 'see_blocklist': return mayRules ? { label, open: () => doors.go(to('rules', { tab: 'blocklist', order: order.number })) } : { label, open: () => doors.open(order.id), drawer: true };
      case 'approve': return pass(hold);
      // A held order cannot be dispatched: who goes to choose its supplier has looked at the hold.
      case 'choose_supplier': return hold.clearable
        ? { label, run: async (key) => { const said = await clearHolds([hold.id], '去选能发的供应商')(key); doors.go(to('dispatch', { ids: [order.id] })); return said; } }
        : { label, open: () => doors.open(order.id), drawer: true };
      default: return { label, open: () => doors.open(order.id), drawer: true };
    }
  };
  return (hold) => {
    const first = remedy(hold);
    if (hold.remedy === 'choose_shop') return [first, { label: '改到那家店', run: chooseShop(order.id, true) }];
    const rest = hold.clearable && hold.blocks && first.label !== '放行' ? [pass(hold)] : [];
    const handover = hold.remedy === 'add_recipient'
      ? [{ label: '改走厂家代打', run: choosePath({ ids: [order.id] }, 'handover') }]
      : [];
    const buyer = order.asked
      ? [{ label: '不等买家了', run: askBuyers({ ids: [order.id] }, false) }]
      : buyerSettles(hold) ? [{ label: '等买家回复', run: askBuyers({ ids: [order.id] }, true) }] : [];
    const place = placeMayBeWrong(hold) ? [{ label: '改地址', open: () => doors.editRecipient(order.id) }] : [];
    return [first, ...place, ...rest, ...buyer, ...handover];
  };
}
