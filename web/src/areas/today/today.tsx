import { Button } from 'antd';
import { Link } from 'react-router';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import { beijing, count, DayLine, EmptyTeach, Failed, FIRST_STEPS, MiniBars, Money, Page, Panel, to, useGuideShut, useNow, yuan } from '@kit/index';
import { Deeds, Shops, Suppliers } from './boards';
import './today.css';

type Today = components['schemas']['TodayOut'];
type Day = components['schemas']['TodayDay'];

const share = (day: Day) =>
  day.margin_fen !== null && day.kept_fen > 0 ? ` (${((100 * day.margin_fen) / day.kept_fen).toFixed(1)}%)` : '';

/** What today's missed deadlines would cost, first: it is what goes wrong if nothing is done. */
function Risk({ seen }: { seen: Today }) {
  return (
    <Panel title="风险">
      <Link to={to('orders', { tab: 'all', due_today: 1, sort: '-risk' })} className="today-risk">
        <b className={seen.risk_fen > 0 ? 'k-red' : undefined}>{yuan(seen.risk_fen)}</b>
        <span>今天内会发生的平台罚款 · {count(seen.risk_orders)} 单</span>
      </Link>
      {seen.late_orders > 0 && (
        <Link to={to('orders', { tab: 'all', late: 1 })} className="k-red k-small">
          已超时 {count(seen.late_orders)} 单
        </Link>
      )}
    </Panel>
  );
}

function Sales({ seen }: { seen: Today }) {
  const today = seen.days[seen.days.length - 1];
  if (!today) return null;
  const counted = (what: string) => to('orders', { tab: 'all', counted: what, paid_from: today.day, paid_to: today.day });
  return (
    <Panel title={<>今日 <span className="k-faint k-small" title="今天（北京时间）付款的单；没有付款时间的按下单时间">按付款时间算</span></>} extra={<span className="k-faint k-small">近 7 日销售</span>}>
      <div className="today-money">
        <dl>
          <div><dt>销售</dt><dd><Link to={counted('sold')}><Money fen={today.sales_fen} strong /></Link></dd></div>
          <div>
            <dt>毛利{share(today)}</dt>
            <dd>{today.margin_fen === null ? <Money fen={null} strong missing="无权限" /> : <Link to={counted('margin')}><Money fen={today.margin_fen} strong /></Link>}</dd>
          </div>
          <div><dt>退款</dt><dd><Link to={counted('refunded')}><Money fen={today.refunds_fen} /></Link></dd></div>
          <div><dt>订单</dt><dd><Link to={counted('sold')}>{count(today.orders)} 单</Link></dd></div>
        </dl>
        <MiniBars
          title="近 7 日销售"
          height={56}
          points={seen.days.map((d) => ({ label: d.day.slice(5), value: d.sales_fen, text: yuan(d.sales_fen) }))}
        />
      </div>
      {today.margin_missing > 0 && (
        <Link className="k-amber k-small" to={counted('no_margin')}>
          {count(today.margin_missing)} 单毛利暂缺（缺成本或实收），未计入
        </Link>
      )}
    </Panel>
  );
}

function Holds({ seen }: { seen: Today }) {
  return (
    <Panel title="异常按类型">
      {seen.holds.length === 0 ? (
        <span className="k-faint">没有异常</span>
      ) : (
        <div className="today-holds">
          {seen.holds.map((h) => (
            <Link key={h.kind} to={h.kind === 'unmatched' ? to('match') : to('orders', { tab: 'all', hold: h.kind })}>
              {h.label} <b>{count(h.orders)}</b>
            </Link>
          ))}
        </div>
      )}
    </Panel>
  );
}

export default function TodayScreen() {
  const { data, error, refetch } = useApi<Today>('/api/today', undefined, { every: 20_000 });
  const now = useNow();
  const [shut, setShut] = useGuideShut();
  const day = data?.days[data.days.length - 1]?.day ?? '';
  const fresh = data && data.shops.length === 0;
  return (
    <Page title="今日" answer={data && <span className="k-faint">{beijing(now).format('HH:mm')} 更新</span>} actions={shut && <Button type="text" onClick={() => setShut(false)}>打开五步引导</Button>}>
      <DayLine />
      {error && <Failed error={error} retry={() => void refetch()} />}
      {fresh && (
        <EmptyTeach
          title="先建一家店铺，再从“导入”开始"
          steps={FIRST_STEPS}
        />
      )}
      {data && !fresh && (
        <div className="today-board">
          <Risk seen={data} />
          <Sales seen={data} />
          <Holds seen={data} />
          <Suppliers seen={data.suppliers} day={day} />
          <Shops rows={data.shops} day={day} />
          <Deeds rows={data.deeds} />
        </div>
      )}
    </Page>
  );
}
