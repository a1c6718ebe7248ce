import { MoreOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, Input, Popover } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import { serverNow } from '@api/server-clock';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, ago, count, PlatformBadge, StateTag, Time, to, useAct, useNow } from '@kit/index';
import { Authorize } from './connect';
import { Dial } from './dial';
import { TokenForm } from './token-form';
import { REFRESH, type Application, type Connection, type Shop } from './types';
import { accountWords, countdown, feedLine, isBroken, quotaWords, renewsItself, stateTone, waitingWords } from './words';

function Countdown({ label, until, now, renewed = false }: { label: string; until: string | null; now: number; renewed?: boolean }) {
  const left = countdown(until, now);
  if (!left) return null;
  const tone = renewed && left.tone === 'soon' ? 'calm' : left.tone;
  return <span className={tone === 'over' ? 'k-red' : tone === 'soon' ? 'k-amber' : undefined}>{tone !== 'calm' && '⚠ '}{label} {left.text} <span className="k-faint k-small"><Time at={until} /></span></span>;
}

/** How it fares: token, last success and error, breaker, how far each feed was read, quota. */
function Health({ row }: { row: Connection }) {
  const now = Math.max(useNow(), serverNow());
  const wall = Date.now();
  const quota = quotaWords(row.quota);
  const errorIsLast = row.error_at !== null && (row.ok_at === null || Date.parse(row.error_at) > Date.parse(row.ok_at));
  const open = row.open_until !== null && Date.parse(row.open_until) > wall;
  return (
    <dl className="c-health">
      {row.state_reason && <div><dt>原因</dt><dd className={isBroken(row) ? 'k-red' : undefined}>{row.state_reason}</dd></div>}
      <div><dt>有效期</dt><dd>{row.expires_at || row.refresh_expires_at ? <span className="c-lines"><Countdown label="授权" until={row.expires_at} now={now} renewed={renewsItself(row, now)} /><Countdown label="续期" until={row.refresh_expires_at} now={now} /></span> : <span className="k-faint">平台没有说</span>}</dd></div>
      <div><dt>读取</dt><dd className="c-feeds">{row.feeds.length === 0 ? <span className="k-faint">还没有读过</span> : row.feeds.map((f) => { const line = feedLine(f, now); return <span key={f.feed} className={line.late || f.problem ? 'k-amber' : undefined} title={f.problem}>{line.text}{f.problem && `（${f.problem}）`}</span>; })}</dd></div>
      <div>
        <dt>调用</dt>
        <dd className="c-lines">
          <span>{row.ok_at ? `最近成功 ${ago(row.ok_at, wall)}` : <span className="k-faint">还没有成功过</span>}</span>
          {row.error_at && row.error && <span className={errorIsLast ? 'k-red' : 'k-faint'}>{errorIsLast && '⚠ '}{ago(row.error_at, wall)}出错：{row.error}</span>}
          {open && <span className="k-amber">⚠ 暂停到 <Time at={row.open_until} />{row.failures ? `，连续失败 ${count(row.failures)} 次` : ''}</span>}
        </dd>
      </div>
      {quota.length > 0 && <div><dt>额度</dt><dd>{quota.join(' · ')}</dd></div>}
    </dl>
  );
}

function ReadOne({ id }: { id: string }) {
  const [number, setNumber] = useState('');
  const [open, setOpen] = useState(false);
  const { act, busy } = useAct();
  const read = () => {
    if (!number.trim()) return;
    void act((key) => post<ActionAnswer>(`/api/connections/${id}/read`, { number: number.trim() }, { key }), { refresh: REFRESH, after: () => { setOpen(false); setNumber(''); } });
  };
  const box = (
    <div className="c-read">
      <Input value={number} placeholder="平台订单号" autoFocus onChange={(e) => setNumber(e.target.value)} onPressEnter={read} />
      <Button type="primary" size="small" loading={busy} disabled={!number.trim()} onClick={read}>读这一单</Button>
    </div>
  );
  return <Popover open={open} onOpenChange={setOpen} trigger="click" content={box} destroyOnHidden><Button size="small">读一单</Button></Popover>;
}

/** What is done seldom: authorise again, paste, pause, remove. */
function Seldom({ row, onPaste }: { row: Connection; onPaste: () => void }) {
  const { modal } = App.useApp();
  const { act } = useAct();
  const bring = (state: string) => act((key) => post<ActionAnswer>(`/api/connections/${row.id}/state`, { state }, { key }), { refresh: REFRESH });
  const remove = () =>
    void modal.confirm({
      title: `移除 ${row.name} 的授权？`, okText: '移除', cancelText: '不了', okButtonProps: { danger: true },
      content: '删掉保存的 token，不再读取和下单；订单和记录都留着。要再用得重新授权。' + (row.shop_id ? '' : '用它下单的供应商改回发表格。'), onOk: () => bring('removed').then(() => undefined),
    });
  const items = [
    { key: 'paste', label: '粘贴 token', onClick: onPaste },
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
  onLogs: () => void;
}

/** One shop's or supplier's authorisation. */
export function ConnectionCard({ row, apps, shop, goods, onLogs }: ConnectionCardProps) {
  const may = useMay('connections.edit');
  const [pasting, setPasting] = useState(false);
  const home = { shop_id: row.shop_id };
  const broken = isBroken(row);
  const waiting = waitingWords(row);
  return (
    <article className={broken ? 'c-card c-broken' : 'c-card'}>
      <header>
        <PlatformBadge platform={row.platform} shop={row.name} />
        <StateTag tone={stateTone(row.state)} label={row.state_label} />
        <span className="k-faint k-small k-cut c-account" title={row.account}>{accountWords(row)}{row.application && ` · ${row.application}`}</span>
      </header>
      <Health row={row} />
      {waiting.length > 0 && <div className="c-waiting">{waiting.map((w) => <Link key={w.label} to={to('status', { connection: row.id })} className={w.warn ? 'k-amber' : undefined}>{w.label} <b>{count(w.n)}</b></Link>)}</div>}
      <footer>
        {shop && <Dial shop={shop} />}
        <span className="c-acts">
          {may && broken && <Authorize look="primary" label="重新授权" home={home} apps={apps} />}
          {may && row.state === 'paused' && <ActionButton look="primary" label="继续" run={(key) => post(`/api/connections/${row.id}/state`, { state: 'working' }, { key })} refresh={REFRESH} />}
          {row.state === 'working' && <ActionButton label="立即读取" run={(key) => post(`/api/connections/${row.id}/read`, {}, { key })} refresh={REFRESH} />}
          {row.state === 'working' && row.shop_id && <ReadOne id={row.id} />}
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
