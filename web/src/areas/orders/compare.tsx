import { Button, Modal } from 'antd';
import { useContext, type ReactNode } from 'react';
import { useApi, useMay } from '@api/queries';
import { ActionButton, Failed, Money, PlatformBadge, Time } from '@kit/index';
import { OrderState } from './columns';
import { clearHolds, DoorsContext } from './deeds';
import { LIST, RECIPIENTS, type OrderRow } from './types';

const FACTS: readonly [string, (row: OrderRow) => ReactNode][] = [
  ['店铺', (r) => <PlatformBadge platform={r.platform} shop={r.shop_name} />],
  ['付款', (r) => <Time at={r.paid_at ?? r.ordered_at} />],
  ['商品', (r) => r.lines.map((l, i) => <div key={i}>{l.title} {l.spec} <b>×{l.quantity}</b></div>)],
  ['实付', (r) => <Money fen={r.paid_fen} />],
  ['状态', (r) => <OrderState row={r} />],
  ['收件人', (r) => <>{r.recipient || RECIPIENTS[r.recipient_state]} <div className="k-faint">{r.region}</div></>],
  ['采购单', (r) => (r.purchases.length > 0 ? r.purchases.map((p) => <div key={p.id}>{p.supplier} {p.number}</div>) : <span className="k-faint">还没有派单</span>)],
];

/** The hold that doubts this order as a duplicate. */
export const doubt = (row: Pick<OrderRow, 'holds'>) => row.holds.find((h) => h.kind === 'duplicate');

/** An order beside those it may be a duplicate of, and a person's word that it is none. */
export function Compare({ order, close }: { order: string; close: () => void }) {
  const { data, error, refetch } = useApi<OrderRow[]>(`${LIST}/${order}/twins`);
  const doors = useContext(DoorsContext);
  const mayEdit = useMay('orders.edit');
  const show = (id: string) => { close(); doors.open(id); };
  return (
    <Modal open title={data ? `对比 ${data.length} 单` : '对比'} width={Math.min(1100, 260 + 320 * (data?.length ?? 2))} onCancel={close} footer={<Button onClick={close}>关闭</Button>}>
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data && (
        <div className="k-scroll">
          <table className="k-table o-compare">
            <thead>
              <tr><th>订单</th>{data.map((r) => <th key={r.id}><a className="k-digits" onClick={() => show(r.id)}>{r.number}</a>{r.id === order && <span className="k-faint"> 这一单</span>}</th>)}</tr>
            </thead>
            <tbody>
              {FACTS.map(([label, told]) => <tr key={label}><td className="k-faint">{label}</td>{data.map((r) => <td key={r.id}>{told(r)}</td>)}</tr>)}
              {mayEdit && (
                <tr>
                  <td />
                  {data.map((r) => {
                    const hold = doubt(r);
                    return <td key={r.id}>{hold && <ActionButton label="不是重复，放行" look={r.id === order ? 'primary' : 'default'} run={clearHolds([hold.id], '对比过，不是重复')} after={close} />}</td>;
                  })}
                </tr>
              )}
            </tbody>
          </table>
        </div>
      )}
      {data?.length === 1 && <p className="k-faint">另一单已经取消或退款，或者不在您的数据范围内。</p>}
      {data && data.length > 1 && <p className="k-small k-faint">确实是重复下单：先不放行，请买家申请退款，退款成功后这一单不会再派出去。</p>}
    </Modal>
  );
}
