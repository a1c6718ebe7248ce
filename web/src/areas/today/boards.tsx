import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import type { components } from '@api/schema';
import { ActionButton, count, Money, Panel, PlatformBadge, Time, to } from '@kit/index';

type Shop = components['schemas']['TodayShop'];
type Supplier = components['schemas']['TodaySupplier'];
type SupplierDay = components['schemas']['TodaySuppliers'];
type Deed = components['schemas']['TodayDeed'];

/** A number that opens exactly what it counts; nothing counted, nothing to open. */
const number = (n: number, at: string, look?: string) =>
  n === 0 ? <span className="k-faint">0</span> : <Link to={at} className={look}>{count(n)}</Link>;

/** What the suppliers' lines leave over of today's orders, and all of it, so that the columns add up. */
function Rest({ name, orders, fen, at, strong }: { name: ReactNode; orders: number; fen: number | null; at?: string; strong?: boolean }) {
  const money = <Money fen={fen} strong={strong ?? false} />;
  return (
    <tr>
      <td colSpan={6}>{name}</td>
      <td>{at ? number(orders, at) : count(orders)}</td>
      <td>{fen === null ? <span className="k-faint">—</span> : at ? <Link to={at}>{money}</Link> : money}</td>
    </tr>
  );
}

/** One line a supplier: what waits with it, what is late, and its part of today's margin. */
export function Suppliers({ seen, day }: { seen: SupplierDay; day: string }) {
  const rows = seen.lines;
  const today = (counted: string) => to('orders', { tab: 'all', counted, paid_from: day, paid_to: day });
  const earned = (supplier: Supplier) => to('orders', { tab: 'all', supplier: supplier.id, counted: 'margin', paid_from: day, paid_to: day });
  return (
    <Panel title="供应商" extra={<Link to={to('send')}>发给供应商</Link>}>
      {rows.length === 0 ? (
        <span className="k-faint">没有进行中的采购</span>
      ) : (
        <table className="today-table">
          <thead>
            <tr><th>供应商</th><th>待发送</th><th>已发</th><th>已接</th><th>今日发货</th><th>超时</th><th title="今天的订单里由这家供货、毛利算得出的；拆给几家的单，每家都列一次，合计只算一次">今日单数</th><th title="今天的毛利里这家的部分：拆给几家的单，按各家的采购成本分">毛利</th></tr>
          </thead>
          <tbody>
            {rows.map((s) => (
              <tr key={s.id}>
                <td><Link to={to('purchases', { supplier: s.id })}>{s.name}</Link></td>
                <td>{number(s.draft, to('purchases', { tab: 'draft', supplier: s.id }))}</td>
                <td>{number(s.sent, to('purchases', { tab: 'sent', supplier: s.id }))}</td>
                <td>{number(s.accepted, to('purchases', { tab: 'accepted', supplier: s.id }))}</td>
                <td>{number(s.shipped_today, to('purchases', { tab: 'all', supplier: s.id, shipped_from: day, shipped_to: day }))}</td>
                <td>{number(s.late, to('purchases', { tab: 'all', supplier: s.id, late: 1 }), 'k-red')}</td>
                <td>{number(s.orders, earned(s))}{s.shared > 0 && <span className="k-faint k-small" title="这些单拆给了几家供应商，每家都列一次"> 含拆单 {count(s.shared)}</span>}</td>
                <td>{s.margin_fen === null ? <span className="k-faint">—</span> : <Link to={earned(s)}><Money fen={s.margin_fen} /></Link>}</td>
              </tr>
            ))}
            {seen.unsupplied.orders > 0 && <Rest name="没有采购（还没派、别处发的、已取消）" orders={seen.unsupplied.orders} fen={seen.unsupplied.margin_fen} at={today('unsupplied')} />}
            {seen.elsewhere.orders > 0 && <Rest name="同样这些单里，别家供应商的部分" orders={seen.elsewhere.orders} fen={seen.elsewhere.margin_fen} />}
            {seen.total.orders > 0 && <Rest name={<b>合计</b>} orders={seen.total.orders} fen={seen.total.margin_fen} at={today('margin')} strong />}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** One line a shop: today's orders and money, how old its export is, what is not confirmed. */
export function Shops({ rows, day }: { rows: readonly Shop[]; day: string }) {
  const counted = (shop: Shop, what: string) => to('orders', { tab: 'all', shop: shop.id, counted: what, paid_from: day, paid_to: day });
  return (
    <Panel title="店铺">
      <table className="today-table">
        <thead>
          <tr><th>店铺</th><th>今日单数</th><th>销售</th><th>毛利</th><th>在办</th><th>未确认上传</th><th>最近导入</th></tr>
        </thead>
        <tbody>
          {rows.map((s) => (
            <tr key={s.id}>
              <td><Link to={to('orders', { tab: 'all', shop: s.id })}><PlatformBadge platform={s.platform} shop={s.name} /></Link></td>
              <td>{number(s.orders, counted(s, 'sold'))}</td>
              <td><Link to={counted(s, 'sold')}><Money fen={s.sales_fen} /></Link></td>
              <td>{s.margin_fen === null ? (s.orders === 0 ? <span className="k-faint">—</span> : <Money fen={null} />) : <Link to={counted(s, 'margin')}><Money fen={s.margin_fen} /></Link>}</td>
              <td>{number(s.waiting, to('orders', { tab: 'all', shop: s.id, unfinished: 1 }))}</td>
              <td>{number(s.unconfirmed, to('orders', { tab: 'all', shop: s.id, step: 'confirm' }), 'k-amber')}</td>
              <td>{s.exported_as_of ? <Time at={s.exported_as_of} relative /> : <span className="k-faint">还没有</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Who did what when; what can be taken back can be taken back here. */
export function Deeds({ rows }: { rows: readonly Deed[] }) {
  return (
    <Panel title="动态" extra={<Link to={to('log')}>操作日志</Link>}>
      {rows.length === 0 ? (
        <span className="k-faint">今天还没有人动过</span>
      ) : (
        <ul className="today-deeds">
          {rows.map((d) => (
            <li key={`${d.at}${d.text}`}>
              <span className="k-faint"><Time at={d.at} /></span>
              <span className="k-cut" title={d.text}>{d.by} {d.text}</span>
              {d.undo && <ActionButton label="撤销" look="link" run={(key) => post(`/api/undo/${d.undo}`, {}, { key })} />}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
