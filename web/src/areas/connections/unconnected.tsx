import { Button, Select } from 'antd';
import { useState } from 'react';
import { useApi, useMay } from '@api/queries';
import { PlatformBadge } from '@kit/index';
import { Authorize, type Home } from './connect';
import { TokenForm } from './token-form';
import type { Application, Card, Connection, Shop, Supplier } from './types';

function Deeds({ name, home, apps }: { name: string; home: Home; apps: readonly Application[] }) {
  const [pasting, setPasting] = useState(false);
  return (
    <>
      <Authorize label="授权" home={home} apps={apps} />
      <Button size="small" type="link" disabled={apps.length === 0} onClick={() => setPasting(true)}>粘贴 token</Button>
      {pasting && <TokenForm name={name} home={home} apps={apps} onClose={() => setPasting(false)} />}
    </>
  );
}

/** Shops of a platform that could be read by API and are not yet. */
export function OpenShops({ card, shops, apps }: { card: Card; shops: readonly Shop[]; apps: readonly Application[] }) {
  const may = useMay('connections.edit');
  if (shops.length === 0) return null;
  return (
    <div className="c-open">
      {shops.map((s) => (
        <div key={s.id} className="c-open-row">
          <PlatformBadge platform={card.key} shop={s.name} />
          <span className="k-faint k-small k-grow">还没有授权，现在用导出文件</span>
          {may && <Deeds name={s.name} home={{ shop_id: s.id }} apps={apps} />}
        </div>
      ))}
    </div>
  );
}

/** Any supplier may have an account at a supplier platform: pick the one, then authorise. */
export function OpenSuppliers({ rows, apps }: { rows: readonly Connection[]; apps: readonly Application[] }) {
  const may = useMay('connections.edit');
  const [picked, setPicked] = useState<string | null>(null);
  const { data } = useApi<{ items: Supplier[] }>(may ? '/api/suppliers' : null, { limit: 200 });
  const taken = new Set(rows.map((r) => r.supplier_id));
  const free = (data?.items ?? []).filter((s) => s.active && !taken.has(s.id));
  const supplier = free.find((s) => s.id === picked);
  if (!may || free.length === 0) return null;
  return (
    <div className="c-open">
      <div className="c-open-row">
        <Select
          size="small" className="c-pick" showSearch={{ optionFilterProp: 'label' }} placeholder="给哪个供应商接上" value={picked} onChange={setPicked}
          options={free.map((s) => ({ value: s.id, label: s.name }))}
        />
        {supplier ? <Deeds key={supplier.id} name={supplier.name} home={{ supplier_id: supplier.id }} apps={apps} /> : <span className="k-faint k-small">接上后才能在供应商资料里选“接口下单”</span>}
      </div>
    </div>
  );
}
