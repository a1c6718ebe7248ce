import { Button, Skeleton } from 'antd';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { ActionAnswer, Target } from '@api/shapes';
import { ActionButton, DetailDrawer, Failed, ListPage, Page, PlatformBadge, StateTag, Time, useAct, type BatchAction, type FilterField, type ListColumn } from '@kit/index';
import { Bundle } from './bundle';
import { Sides } from './sides';
import { MATCH, type Mapping, type Part } from './types';
import './match.css';

const MAPPINGS = `${MATCH}/mappings`;
const AFTER = '没派单的订单回到待匹配，已派单和已发货的不变；以后的新订单也等人匹配。';
const take = (target: Target, key: string) => post<ActionAnswer>(`${MAPPINGS}/cancel`, { target }, { key });

function Ours({ row }: { row: Mapping }) {
  if (!row.ships) return <StateTag tone="off" label="不发货" />;
  const [first, ...others] = row.parts;
  if (!first) return null;
  return (
    <div className="k-cell">
      <span className="k-cut" title={row.parts.map((p) => `${p.code} ×${p.quantity}`).join('、')}>
        <b className="k-digits">{first.code}</b>{first.quantity > 1 && <b className="k-amber"> ×{first.quantity}</b>}{others.length > 0 && <span className="k-faint"> +{others.length} 种</span>}
      </span>
      <span className="k-faint k-small k-cut" title={`${first.title} ${first.spec}`}>{first.title} {first.spec}</span>
    </div>
  );
}

const columns: readonly ListColumn<Mapping>[] = [
  {
    key: 'listing', title: '店铺商品', width: 330, locked: true,
    render: (r, { open }) => (
      <div className="k-cell">
        <button type="button" className="m-open k-cut" title={r.title} onClick={open}>{r.title || r.listing_key}</button>
        <span className="k-faint k-small k-cut" title={r.spec}>{r.spec || '默认规格'}</span>
      </div>
    ),
  },
  { key: 'shop', title: '店铺', width: 150, render: (r) => <PlatformBadge platform={r.platform} shop={r.shop_name} /> },
  { key: 'ours', title: '我们的规格', width: 280, render: (r) => <Ours row={r} /> },
  {
    key: 'how', title: '怎么匹配的', width: 190,
    render: (r) => <div className="k-cell"><span>{r.source_label}{r.by && ` · ${r.by}`}</span><span className="k-faint k-small k-cut" title={r.reason}>{r.reason}</span></div>,
  },
  { key: 'at', title: '时间', width: 110, render: (r) => <Time at={r.decided_at} /> },
];
const fields: readonly FilterField[] = [
  { kind: 'text', name: 'text', label: '搜索', hint: '标题、规格、编码、店铺' },
  { kind: 'source', name: 'shop', label: '店铺', path: '/api/shops', many: true },
];
const tabs = [{ key: 'all', label: '全部' }, { key: 'person', label: '人工' }, { key: 'code', label: '商家编码' }, { key: 'file', label: '文件' }, { key: 'none', label: '不发货' }];
const actions: readonly BatchAction[] = [
  { key: 'cancel', label: '取消匹配', may: 'orders.edit', hint: AFTER, run: take, confirm: () => AFTER },
];

/** One mapping opened: change what it is, or take it back. */
function Opened({ id, close }: { id: string; close: () => void }) {
  const { data: row, error, refetch } = useApi<Mapping>(`${MAPPINGS}/${id}`);
  const may = useMay('orders.edit');
  const { act, busy } = useAct();
  if (error) return <DetailDrawer title="已匹配" onClose={close}><Failed error={error} retry={() => void refetch()} /></DetailDrawer>;
  if (!row || !may) return <DetailDrawer title="已匹配" onClose={close}>{row ? <><p className="k-gap">{row.title} <span className="k-faint">{row.spec}</span></p><Ours row={row} /></> : <Skeleton active />}</DetailDrawer>;
  const change = (parts: readonly Part[]) =>
    void act((key) => post<ActionAnswer>(`${MAPPINGS}/${id}/change`, { parts: parts.map((p) => [p.sku.id, p.quantity]), ships: parts.length > 0 }, { key }), { after: close });
  return (
    <Bundle
      listing={row}
      title="改匹配"
      verb="改匹配"
      start={row.parts.map((p) => ({ sku: { id: p.sku_id, code: p.code, title: p.title, spec: p.spec }, quantity: p.quantity }))}
      save={change}
      busy={busy}
      close={close}
      others={<><ActionButton label="取消匹配" look="danger" confirm={AFTER} run={(key) => take({ ids: [id] }, key)} after={close} />{row.ships && <Button disabled={busy} onClick={() => change([])}>不发货</Button>}</>}
    >
      <p className="k-small k-faint k-gap"><PlatformBadge platform={row.platform} shop={row.shop_name} /> {row.source_label}{row.by && ` · ${row.by}`} · <Time at={row.decided_at} /> · {row.reason}</p>
      <p className="k-small k-gap">改了以后，没派单的订单按新的匹配；已派单和已发货的不变。</p>
    </Bundle>
  );
}

/** What every listing SKU was taken for: found, changed, taken back. */
export default function MatchedScreen() {
  const may = useMay('orders.edit');
  return (
    <Page title="匹配" answer={<Sides here="matched">认定过的规格，以后的订单自动按它匹配；认错了在这里改</Sides>} fill>
      <ListPage<Mapping>
        name="matched"
        path={MAPPINGS}
        exportable="matched"
        columns={columns}
        fields={fields}
        tabs={tabs}
        {...(may && { actions })}
        rowTone={(r) => (r.ships ? undefined : 'done')}
        empty={{ title: '还没有匹配过', steps: ['订单的商家编码和 SKU 编码一样时自动匹配', '其余的在“待匹配”里认一次，就记在这里'] }}
        detail={(id, close) => <Opened key={id} id={id} close={close} />}
      />
    </Page>
  );
}
