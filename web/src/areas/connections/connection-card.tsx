import { MoreOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Breaker, connectionTone, count, FeedLags, isBroken, LastError, LastSuccess, PlatformBadge, Quota, StateTag, to, TokenEnds, useAct } from '@kit/index';
import { Authorize } from './connect';
import { Dial } from './dial';
import { ReadOne } from './read-one';
import { ReadSpan } from './read-span';
import { TokenForm } from './token-form';
import { REFRESH, type Application, type Connection, type Shop } from './types';
import { accountWords, waitingWords } from './words';

/** How it fares: token, last success and error, breaker, how far each feed was read, quota. */
function Health({ row, rate }: { row: Connection; rate: number | null }) {
  return (
    <dl className="c-health">
      {row.state_reason && <div><dt>原因</dt><dd className={isBroken(row) ? 'k-red' : undefined}>{row.state_reason}</dd></div>}
      <div><dt>有效期</dt><dd><TokenEnds row={row} /></dd></div>
      <div><dt>读取</dt><dd><FeedLags row={row} /></dd></div>
      <div><dt>调用</dt><dd className="k-lines"><span>{row.ok_seconds !== null && '最近成功 '}<LastSuccess row={row} /></span><LastError row={row} /><Breaker row={row} /></dd></div>
      <div><dt>额度</dt><dd><Quota row={row} rate={rate} /></dd></div>
    </dl>
  );
}

/** What is done seldom: authorise again, paste, pause, remove. */
function Seldom({ row, onPaste }: { row: Connection; onPaste: () => void }) {
  const { modal } = App.useApp();
  const { act } = useAct();
  const bring = (state: string) => act((key) => post<ActionAnswer>(`/api/connections/${row.id}/state`, { state }, { key }), { refresh: REFRESH });
  const remove = () =>
    void modal.confirm({
      title: `移除 ${row.name} 的授权？`, okText: '移除', cancelText: '不了', okButtonProps: { danger: true },
      content: '删掉保存的授权令牌，不再读取和下单；订单和记录都留着。要再用得重新授权。' + (row.shop_id ? '' : '用它下单的供应商改回发表格。'), onOk: () => bring('removed').then(() => undefined),
    });
  const items = [
    { key: 'paste', label: '粘贴授权令牌', onClick: onPaste },
    ...(row.state === 'working' ? [{ key: 'pause', label: '暂停', onClick: () => void bring('paused') }] : []),
    { key: 'remove', label: '移除', danger: true, onClick: remove },
  ];
  return <Dropdown trigger={['click']} menu={{ items }}><Button size="small" icon={<MoreOutlined />} aria-label="更多" /></Dropdown>;
}

export interface ConnectionCardProps {
  row: Connection;
  apps: readonly Application[];
  shop: Shop | undefined;
  /** Whether the shop's goods can be read. */
  goods: boolean;
  /** Calls a second that we keep to; null where none is known. */
  rate: number | null;
  onLogs: () => void;
}

/** One shop's or supplier's authorisation. */
export function ConnectionCard({ row, apps, shop, goods, rate, onLogs }: ConnectionCardProps) {
  const may = useMay('connections.edit');
  const [pasting, setPasting] = useState(false);
  const home = { shop_id: row.shop_id };
  const broken = isBroken(row);
  const waiting = waitingWords(row);
  return (
    <article className={broken ? 'c-card c-broken' : 'c-card'}>
      <header>
        <PlatformBadge platform={row.platform} shop={row.name} />
        <StateTag tone={connectionTone(row.state)} label={row.state_label} />
        <span className="k-faint k-small k-cut c-account" title={row.account}>{accountWords(row)}{row.application && ` · ${row.application}`}</span>
      </header>
      <Health row={row} rate={rate} />
      {waiting.length > 0 && <div className="c-waiting">{waiting.map((w) => <Link key={w.label} to={to('status', { connection: row.id })} className={w.warn ? 'k-amber' : undefined}>{w.label} <b>{count(w.n)}</b></Link>)}</div>}
      <footer>
        {shop && <Dial shop={shop} />}
        <span className="c-acts">
          {may && broken && <Authorize look="primary" label="重新授权" home={home} apps={apps} />}
          {may && row.state === 'paused' && <ActionButton look="primary" label="继续" run={(key) => post(`/api/connections/${row.id}/state`, { state: 'working' }, { key })} refresh={REFRESH} />}
          {row.state === 'working' && <ActionButton label="立即读取" run={(key) => post(`/api/connections/${row.id}/read`, {}, { key })} refresh={REFRESH} />}
          {row.state === 'working' && row.shop_id && <ReadOne id={row.id} />}
          {row.state === 'working' && row.shop_id && <ReadSpan id={row.id} />}
          {row.state === 'working' && goods && <ActionButton label="读取店铺商品" run={(key) => post(`/api/connections/${row.id}/read-goods`, {}, { key })} refresh={REFRESH} />}
          <Button size="small" onClick={onLogs}>记录</Button>
          {may && !broken && <Authorize label="重新授权" home={home} apps={apps} />}
          {may && <Seldom row={row} onPaste={() => setPasting(true)} />}
        </span>
      </footer>
      {pasting && <TokenForm name={row.name} home={home} apps={apps} initial={{ application_id: row.application_id, account: row.account, account_name: row.account_name }} onClose={() => setPasting(false)} />}
    </article>
  );
}
