import { Timeline } from 'antd';
import { Copyable, EmptyTeach, Facts, Money, Panel, StateTag, Time, type Tone } from '@kit/index';
import { REFUNDS, type OrderDetail } from './types';

const PURCHASE: Readonly<Record<string, [string, Tone]>> = {
  draft: ['待发给供应商', 'todo'], sent: ['已发送', 'doing'], accepted: ['已接单', 'doing'], refused: ['已拒单', 'bad'],
  part_shipped: ['部分发货', 'doing'], shipped: ['已发货', 'done'], closed: ['已完结', 'done'], recalling: ['追回中', 'warn'],
  recalled: ['已追回', 'off'], cancelled: ['已取消', 'off'],
};
const PARCEL: Readonly<Record<string, [string, Tone]>> = {
  announced: ['已出单号', 'doing'], collected: ['已揽收', 'doing'], in_transit: ['运输中', 'doing'], out_for_delivery: ['派送中', 'doing'],
  delivered: ['已签收', 'done'], refused: ['已拒收', 'bad'], returned: ['已退回', 'bad'], lost: ['丢件', 'bad'], void: ['已作废', 'off'],
};
const CHANNEL: Readonly<Record<string, string>> = { sheet: '表格', link: '链接', text: '文本' };
const CHANGE: Readonly<Record<string, string>> = { created: '还没通知', sent: '已通知，待确认', acknowledged: '供应商已确认', too_late: '来不及了', refused: '供应商拒绝' };

function Tagged({ of, words }: { of: string; words: Readonly<Record<string, [string, Tone]>> }) {
  const [label, tone] = words[of] ?? [of, 'doing'];
  return <StateTag tone={tone} label={label} />;
}

export function Purchases({ detail }: { detail: OrderDetail }) {
  if (detail.purchases.length === 0) return <EmptyTeach title="还没有派单" steps={['异常清完后，在“派单”里预览并派给供应商']} />;
  return (
    <div className="k-stack">
      {detail.purchases.map((p) => (
        <Panel key={p.id} title={<Copyable text={p.number} />} extra={<Tagged of={p.state} words={PURCHASE} />}>
          <Facts items={[
            { label: '供应商', value: p.supplier },
            { label: '件数', value: p.quantity },
            { label: '货款', value: <Money fen={p.goods_fen} /> },
            { label: '运费', value: <Money fen={p.freight_fen} /> },
            { label: '派单', value: <Time at={p.created_at} /> },
            ...(p.note ? [{ label: '说明', value: p.note, wide: true }] : []),
          ]} />
          {p.sendings.map((s) => (
            <p key={`${s.run}-${s.version}`} className="o-step">第 {s.version} 版 · {CHANNEL[s.channel]}{s.resend && <b className="k-amber"> 重发</b>} · {s.sent_at ? <>发送 <Time at={s.sent_at} /></> : '还没发出'}{s.opened_at && <> · 供应商打开 <Time at={s.opened_at} /></>}</p>
          ))}
          {p.amendments.map((a) => (
            <p key={a.n} className={a.state === 'acknowledged' ? 'o-step' : 'o-step k-amber'}>变更 {a.n}：{a.text} · {CHANGE[a.state] ?? a.state}{a.answer && `：${a.answer}`}</p>
          ))}
        </Panel>
      ))}
    </div>
  );
}

export function Parcels({ detail }: { detail: OrderDetail }) {
  const told = detail.order.platform_parcels;
  if (detail.parcels.length === 0 && told.length === 0) return <EmptyTeach title="还没有快递单号" steps={['供应商回传后，在“回填单号”里拖入文件或粘贴']} />;
  return (
    <div className="k-stack">
      {detail.parcels.map((p) => (
        <Panel key={p.id} title={<>{p.courier} <Copyable text={p.number} /></>} extra={<Tagged of={p.state} words={PARCEL} />}>
          <Facts items={[
            { label: '件数', value: p.quantity },
            { label: '供应商', value: p.supplier || '—' },
            { label: '发货', value: <Time at={p.shipped_at} /> },
            { label: '平台', value: p.reported_label || '还没回传平台' },
          ]} />
        </Panel>
      ))}
      {told.length > 0 && <Panel title="平台文件里的单号">{told.map((t) => <p key={t}>{t.replace('\t', ' ')}</p>)}</Panel>}
    </div>
  );
}

export function Cases({ detail }: { detail: OrderDetail }) {
  if (detail.cases.length + detail.steps.length === 0) return <EmptyTeach title="没有售后" />;
  return (
    <div className="k-stack">
      {detail.cases.map((c) => (
        <Panel key={c.id} title={<>售后 <Copyable text={c.number} /></>} extra={<b>{REFUNDS[c.state] ?? c.state}</b>}>
          <Facts items={[
            { label: '金额', value: <Money fen={c.amount_fen} /> },
            { label: '原因', value: c.reason || '—' },
            { label: '平台状态', value: c.platform_state || '—' },
            { label: '申请', value: <Time at={c.applied_at} /> },
          ]} />
        </Panel>
      ))}
      {detail.steps.length > 0 && (
        <Panel title="要做的事">
          {detail.steps.map((s) => <p key={s.id} className="o-step"><StateTag tone={s.state === 'open' ? 'todo' : 'done'} label={s.text} /> {s.amount_fen !== null && <Money fen={s.amount_fen} />} {s.due_by && <Time at={s.due_by} />} {s.answer}</p>)}
        </Panel>
      )}
    </div>
  );
}

/** Every fact, decision and deed, newest first, down to the row of the file. */
export function History({ detail }: { detail: OrderDetail }) {
  return (
    <Timeline
      className="o-history"
      items={[...detail.history].reverse().map((fact, i) => ({
        key: i,
        content: (
          <>
            <div>{fact.text}</div>
            <div className="k-small k-faint"><Time at={fact.at} /> · {fact.by}{fact.file && <> · {fact.file}{fact.row !== null && ` 第 ${fact.row} 行`}</>}</div>
          </>
        ),
      }))}
    />
  );
}
