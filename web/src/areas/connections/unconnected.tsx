import { Button } from 'antd';
import { useState } from 'react';
import { useMay } from '@api/queries';
import { PlatformBadge } from '@kit/index';
import { Authorize, type Home } from './connect';
import { TokenForm } from './token-form';
import type { Application, Card, Connection, Shop } from './types';

function Deeds({ name, home, apps }: { name: string; home: Home; apps: readonly Application[] }) {
  const [pasting, setPasting] = useState(false);
  return (
    <>
      <Authorize label="授权" home={home} apps={apps} />
      <Button size="small" type="link" disabled={apps.length === 0} onClick={() => setPasting(true)}>粘贴授权令牌</Button>
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

/** The company's own account at a supplier platform: one account buys from many suppliers. */
export function OwnAccount({ card, rows, apps }: { card: Card; rows: readonly Connection[]; apps: readonly Application[] }) {
  const may = useMay('connections.edit');
  if (!may) return null;
  return (
    <div className="c-open">
      <div className="c-open-row">
        <PlatformBadge platform={card.key} shop={rows.length > 0 ? '再接一个采购账号' : '采购账号'} />
        <span className="k-faint k-small k-grow">接上后在供应商资料里选“接口下单”</span>
        <Deeds name={`${card.name}采购账号`} home={{ shop_id: null }} apps={apps} />
      </div>
    </div>
  );
}
