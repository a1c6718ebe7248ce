import { LinkOutlined } from '@ant-design/icons';
import { Alert, Button, Switch } from 'antd';
import { useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { useApi, useMay } from '@api/queries';
import { count, EmptyTeach, Panel, StateTag, Time, to, type Tone } from '@kit/index';
import { OfferDrawer } from './offer-drawer';
import { askedToCompare, askedToLink, priceWords, type Board, type BoardRow } from './offer-words';

const TONE: Record<string, Tone> = { ok: 'done', frozen: 'warn', off_sale: 'bad' };

function Row({ row, open }: { row: BoardRow; open: () => void }) {
  return (
    <tr>
      <td>
        <div className="s-offer">
          {row.image_url && <img src={row.image_url} alt="" referrerPolicy="no-referrer" />}
          <div className="k-cell"><button type="button" className="s-name" onClick={open}>{row.title}</button><span className="k-faint k-small k-digits">{row.ref}</span></div>
        </div>
      </td>
      <td><StateTag tone={TONE[row.state] ?? 'doing'} label={row.state_label} /></td>
      <td className="k-digits">{priceWords(row)}</td>
      <td className="k-right">{count(row.skus)} 个</td>
      <td><Time at={row.read_at} relative /></td>
    </tr>
  );
}

/** What this supplier sells at its platform and which of our SKUs are linked to it. */
export function OffersPanel({ supplier }: { supplier: { id: string; name: string; channel: string } }) {
  const may = useMay('purchasing.edit');
  const navigate = useNavigate();
  const location = useLocation();
  const wanted = askedToLink(location.hash);
  const [frozen, setFrozen] = useState(false);
  const [opened, setOpened] = useState<string | null | undefined>(undefined);
  const { data } = useApi<Board>(`/api/suppliers/${supplier.id}/offers`, { frozen }, { keep: true });
  const compare = askedToCompare(location.hash);
  const here = opened !== undefined ? opened : wanted !== null ? null : compare;
  const close = () => {
    setOpened(undefined);
    if (wanted !== null || compare !== undefined) void navigate({ search: location.search, hash: '' }, { replace: true });
  };
  if (!data) return null;
  const problem = data.problem && <Alert type={supplier.channel === 'api' ? 'warning' : 'info'} showIcon title={data.problem} action={<Link to={to('connections')}>去授权</Link>} />;
  return (
    <Panel
      title={`平台货源（${count(data.total)}）`}
      flush
      extra={
        <div className="k-row">
          {data.frozen > 0 && <label className="k-row"><Switch size="small" checked={frozen} onChange={setFrozen} />只看要核对的 {count(data.frozen)} 个</label>}
          {may && !data.problem && <Button size="small" icon={<LinkOutlined />} onClick={() => setOpened(null)}>关联货源</Button>}
        </div>
      }
    >
      {problem}
      {data.items.length > 0 && (
        <table className="s-table">
          <thead><tr><th>货源</th><th>状态</th><th>价格</th><th className="k-right">关联</th><th>上次读取</th></tr></thead>
          <tbody>{data.items.map((r) => <Row key={r.ref} row={r} open={() => setOpened(r.ref)} />)}</tbody>
        </table>
      )}
      {data.items.length === 0 && !data.problem && <EmptyTeach title={frozen ? '没有要核对的' : '还没有关联货源'} steps={frozen ? [] : ['点“关联货源”，粘贴商品页链接', '自动下单要先知道每个商品是平台上的哪个规格']} />}
      {here !== undefined && !(here === null && data.problem) && <OfferDrawer supplier={supplier} of={here} wanted={wanted ?? []} onClose={close} />}
    </Panel>
  );
}
