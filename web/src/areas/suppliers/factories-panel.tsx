import { Button } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Panel, StateTag, type Tone, useEnded, useTellError } from '@kit/index';

type Schemas = components['schemas'];
type Shop = Schemas['FactoryShop'];

const TONES: Record<string, Tone> = { bound: 'done', asked: 'warn', refused: 'bad', ended: 'off' };

/** The factories of a shop as its platform just listed them; one of them is this supplier. */
function Choose({ supplier, task, done }: { supplier: string; task: string; done: () => void }) {
  const path = `/api/suppliers/${supplier}/factories`;
  const { data } = useApi<Schemas['FactoryList']>(`${path}/${task}`);
  if (!data) return null;
  return (
    <>
      {data.items.length === 0 && <span className="k-faint">店铺还没有合作的厂家，先在店铺后台和厂家绑定</span>}
      {data.items.map((f) => (
        <div key={f.external_id} className="k-row">
          <span>{f.name}</span>
          <span className="k-faint k-digits">{f.external_id}</span>
          <StateTag tone={TONES[f.bond] ?? 'doing'} label={f.bond_label} />
          <ActionButton
            label="就是他"
            why={f.why_not}
            run={(key) => post<ActionAnswer>(`${path}/bind`, { task_id: task, external_id: f.external_id }, { key })}
            after={done}
          />
        </div>
      ))}
    </>
  );
}

function Row({ supplier, shop }: { supplier: string; shop: Shop }) {
  const may = useMay('purchasing.edit');
  const tell = useTellError();
  const [task, setTask] = useState<string | null>(null);
  const ended = useEnded(task);
  const path = `/api/suppliers/${supplier}/factories`;
  const read = async () => {
    try {
      setTask((await post<Schemas['FactoryAsked']>(`${path}/read`, { shop_id: shop.shop_id })).task_id);
    } catch (error) {
      tell(error);
    }
  };
  return (
    <div className="k-stack">
      <div className="k-row">
        <b>{shop.shop}</b>
        {shop.external_id ? <span>{shop.name} <span className="k-faint k-digits">{shop.external_id}</span></span> : <span className="k-faint">没有绑定</span>}
        {shop.problem && <span className="k-amber">{shop.problem}</span>}
        {may && !shop.external_id && !shop.problem && <Button size="small" loading={task !== null && ended === null} onClick={() => void read()}>选择厂家</Button>}
        {may && shop.external_id && (
          <ActionButton label="解除" confirm="以后派给他的订单不再按接口交给厂家，还没交出去的采购单改为按表格发。" run={(key) => post<ActionAnswer>(`${path}/unbind`, { shop_id: shop.shop_id }, { key })} />
        )}
      </div>
      {ended && ended.state !== 'done' && <span className="k-amber">{ended.message}</span>}
      {task && ended?.state === 'done' && !shop.external_id && <Choose supplier={supplier} task={task} done={() => setTask(null)} />}
    </div>
  );
}

/** Which factory of each shop's platform this supplier is: his orders are handed to it there, receivers unseen. */
export function FactoriesPanel({ supplier }: { supplier: string }) {
  const { data } = useApi<Schemas['FactoryShops']>(`/api/suppliers/${supplier}/factories`);
  if (!data || data.items.length === 0) return null;
  return (
    <Panel title="厂商代发">
      <div className="k-stack">
        <span className="k-small k-faint">绑定后，派给他的订单按接口交给厂家：他在店铺平台上看收件人、发货，我们不碰收件人，也不用回传单号。</span>
        {data.items.map((s) => <Row key={s.shop_id} supplier={supplier} shop={s} />)}
      </div>
    </Panel>
  );
}
