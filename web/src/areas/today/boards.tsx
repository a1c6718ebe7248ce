import { Link } from 'react-router';
import { post } from '@api/http';
import type { components } from '@api/schema';
import { ActionButton, count, Money, Panel, PlatformBadge, Time, to } from '@kit/index';

type Shop = components['schemas']['TodayShop'];
type Supplier = components['schemas']['TodaySupplier'];
type Deed = components['schemas']['TodayDeed'];

const number = (n: number, look?: string) => <span className={n === 0 ? 'k-faint' : look}>{count(n)}</span>;

/** One line a supplier: what waits with it, and what is late. */
export function Suppliers({ rows }: { rows: readonly Supplier[] }) {
  return (
    <Panel title="供应商" extra={<Link to={to('send')}>发给供应商</Link>}>
      {rows.length === 0 ? (
        <span className="k-faint">没有进行中的采购</span>
      ) : (
        <table className="today-table">
          <thead>
            <tr><th>供应商</th><th>待发送</th><th>已发</th><th>已接</th><th>今日发货</th><th>超时</th></tr>
          </thead>
          <tbody>
            {rows.map((s) => (
              <tr key={s.id}>
                <td><Link to={to('purchases', { supplier: s.id })}>{s.name}</Link></td>
                <td>{number(s.draft)}</td>
                <td>{number(s.sent)}</td>
                <td>{number(s.accepted)}</td>
                <td>{number(s.shipped_today)}</td>
                <td>{number(s.late, 'k-red')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** One line a shop: today's orders and money, how old its export is, what is not confirmed. */
export function Shops({ rows }: { rows: readonly Shop[] }) {
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
              <td>{number(s.orders)}</td>
              <td><Money fen={s.sales_fen} /></td>
              <td><Money fen={s.margin_fen} /></td>
              <td>{number(s.waiting)}</td>
              <td>{number(s.unconfirmed, 'k-amber')}</td>
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
