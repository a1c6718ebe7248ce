import { PlusOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useState } from 'react';
import { useMay } from '@api/queries';
import { callRate, EmptyTeach, Panel, PlatformBadge, StateTag } from '@kit/index';
import { ApplicationForm } from './application-form';
import { Applications } from './applications';
import { ConnectionCard } from './connection-card';
import { OpenShops, OwnAccount } from './unconnected';
import type { Application, Card, Connection, Shop } from './types';
import { capabilityWords, summary } from './words';

export interface CompanyProps {
  card: Card;
  apps: readonly Application[];
  rows: readonly Connection[];
  shops: readonly Shop[];
  onLogs: (id: string) => void;
}

const links = (card: Card) => card.links.map((l) => <a key={l.url} href={l.url} target="_blank" rel="noreferrer">{l.label} ↗</a>);

function Teach({ card, onAdd }: { card: Card; onAdd: (() => void) | null }) {
  const [first, ...rest] = card.begin;
  return (
    <EmptyTeach
      title={`还没有 ${card.name} 的应用`}
      steps={first !== undefined ? [<span key="1" className="k-row">{first} {links(card)}</span>, ...rest] : [
        <span key="1" className="k-row">到开放平台创建应用，拿到 {card.fields.map((f) => f.label).join('、')} {links(card)}</span>,
        '点“新增应用”填进来，密钥加密保存',
        card.kind === 'supplier' ? '给供应商点“授权”，采购单自动下单' : '给店铺点“授权”，订单自动进来、发货自动回传',
      ]}
      action={onAdd && <Button type="primary" icon={<PlusOutlined />} onClick={onAdd}>新增应用</Button>}
    />
  );
}

/** One company: its applications, its authorisations, and what could be authorised. */
export function Company({ card, apps, rows, shops, onLogs }: CompanyProps) {
  const may = useMay('connections.edit');
  const [form, setForm] = useState<Application | 'new' | null>(null);
  const active = apps.filter((a) => a.active);
  const able = capabilityWords(card.capabilities);
  const open = shops.filter((s) => s.platform === card.key && s.active && !rows.some((r) => r.shop_id === s.id));
  const add = may ? () => setForm('new') : null;
  return (
    <Panel
      title={
        <span className="c-title">
          <PlatformBadge platform={card.key} shop={card.name} />
          {!card.verified && <Tooltip title="按公开文档做的，还没有和平台真实环境核对过"><span><StateTag tone="warn" label="未核实" /></span></Tooltip>}
          {rows.length > 0 && <span className="k-faint k-small">{summary(rows)}</span>}
        </span>
      }
      extra={apps.length > 0 && add && <Button size="small" icon={<PlusOutlined />} onClick={add}>新增应用</Button>}
    >
      {able.length > 0 && <p className="k-faint k-small c-able">能做：{able.join('、')}{card.needs_cloud.length > 0 && <Tooltip title="平台只允许在它自己的云里做这几件。给技术人员：把程序或代理放进平台云，再在应用的“接口地址”里填代理地址。"><span className="c-cloud">要在平台云里才行：{card.needs_cloud.join('、')} ⓘ</span></Tooltip>}</p>}
      {apps.length === 0 ? <div className="c-teach"><Teach card={card} onAdd={add} /></div> : <Applications card={card} apps={apps} onEdit={may ? setForm : null} />}
      {rows.length > 0 && <div className="c-cards">{rows.map((r) => <ConnectionCard key={r.id} row={r} apps={active} shop={shops.find((s) => s.id === r.shop_id)} goods={card.capabilities.includes('goods')} rate={callRate(r, apps, card)} onLogs={() => onLogs(r.id)} />)}</div>}
      {apps.length > 0 && (card.kind === 'supplier' ? <OwnAccount card={card} rows={rows} apps={active} /> : <OpenShops card={card} shops={open} apps={active} />)}
      {form && <ApplicationForm key={form === 'new' ? 'new' : form.id} card={card} apps={apps} {...(form !== 'new' && { app: form })} onEdit={setForm} onClose={() => setForm(null)} />}
    </Panel>
  );
}
