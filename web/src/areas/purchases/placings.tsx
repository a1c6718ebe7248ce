import { LinkOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useMay } from '@api/queries';
import type { components } from '@api/schema';
import { Copyable, StateTag, Time } from '@kit/index';
import { BindDrawer } from './bind-drawer';
import { placingWords } from './bind-words';
import { TONE } from './words';

/** Its orders at the supplier's platform, and the way to bind one that somebody placed there by hand. */
export function Placings({ detail }: { detail: components['schemas']['PurchaseDetail'] }) {
  const may = useMay('purchasing.send');
  const location = useLocation();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const came = location.hash.startsWith('#bind');
  const named = decodeURIComponent(location.hash.split('=')[1] ?? '');
  const { purchase, placings, places_at: at, not_bindable: why } = detail;
  const close = () => {
    setOpen(false);
    if (came) void navigate({ search: location.search, hash: '' }, { replace: true });
  };
  const bindable = may && why === '';
  if (placings.length === 0 && !at && !bindable && !came) return null;
  return (
    <div className="k-stack">
      {at && <div className="k-row"><StateTag tone="todo" label="等自动下单" /><span><Time at={at} /> 下单，之前可以“取消采购”</span></div>}
      {placings.map((p) => (
        <div key={p.reference} className="k-row">
          <StateTag tone={TONE[p.state] ?? 'doing'} label={placingWords(p)} />
          {p.external_ids.map((n) => <Copyable key={n} text={n} />)}
          {p.placed_at && <Time at={p.placed_at} />}
          {p.reason && <span className="k-faint">{p.reason}</span>}
          {p.pay_state === 'due' && p.pay_url && <a href={p.pay_url} target="_blank" rel="noreferrer">去付款</a>}
        </div>
      ))}
      {bindable && <div><Button size="small" icon={<LinkOutlined />} onClick={() => setOpen(true)}>绑定平台订单</Button></div>}
      {came && why !== '' && <Alert type="info" showIcon title={why} />}
      {(open || came) && bindable && <BindDrawer purchase={purchase} number={came ? named : ''} onClose={close} />}
    </div>
  );
}
