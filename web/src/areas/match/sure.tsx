import { Button, Checkbox, Drawer } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { count, EmptyTeach, PlatformBadge, useAct } from '@kit/index';
import { Marked } from './marked';
import { choiceOf, keyOfWaiting, MATCH, type SureList } from './types';

/** Every listing SKU whose suggestion is certain, side by side; one press accepts those that are ticked. */
export function SureMatches({ close }: { close: () => void }) {
  const { data } = useApi<SureList>(`${MATCH}/sure`);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { act, busy } = useAct();
  const items = data?.items ?? [];
  const chosen = items.filter((s) => !left.has(keyOfWaiting(s.waiting)));
  const orders = chosen.reduce((sum, s) => sum + s.waiting.orders, 0);
  const flip = (key: string) => {
    const next = new Set(left);
    if (!next.delete(key)) next.add(key);
    setLeft(next);
  };
  const accept = () =>
    act((key) => post<ActionAnswer>(`${MATCH}/decide`, { items: chosen.map((s) => choiceOf(s.waiting, s.suggestion.parts)) }, { key }), { after: close });
  return (
    <Drawer
      open
      title="一次接受“确定”的"
      size="min(860px, 100vw)"
      rootClassName="k-drawer"
      onClose={close}
      loading={!data}
      footer={<div className="k-row k-end"><span className="k-grow k-faint">{count(chosen.length)} 个规格 · {count(orders)} 单</span><Button onClick={close}>不了</Button><Button type="primary" disabled={chosen.length === 0} loading={busy} onClick={() => void accept()}>全部匹配</Button></div>}
    >
      {items.length === 0 && <EmptyTeach title="没有“确定”的建议" steps={['其余的请一个一个看：每个只要看一次']} />}
      {items.map(({ waiting, suggestion }) => (
        <label key={keyOfWaiting(waiting)} className="m-pair">
          <Checkbox checked={!left.has(keyOfWaiting(waiting))} onChange={() => flip(keyOfWaiting(waiting))} />
          <span className="k-cell"><span><Marked text={`${waiting.title} ${waiting.spec}`} agree={suggestion.agree} differ={[]} /></span><span><PlatformBadge platform={waiting.platform} shop={waiting.shop_name} /> {waiting.orders} 单</span></span>
          <span className="k-cell">
            {suggestion.parts.map((p) => <span key={p.sku.id}><b className="k-digits">{p.sku.code}</b> <Marked text={`${p.sku.title} ${p.sku.spec}`} agree={suggestion.agree} differ={[]} />{p.quantity > 1 && <b className="k-amber"> ×{p.quantity}</b>}</span>)}
            <span>{suggestion.reason}</span>
          </span>
        </label>
      ))}
    </Drawer>
  );
}
