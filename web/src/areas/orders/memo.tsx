import { FlagFilled, FlagOutlined } from '@ant-design/icons';
import { Button, Form, Input, Radio, Space } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { BatchAnswer, Target } from '@api/shapes';
import { Panel, SealedValue, StateTag, Time, useAct, type Tone } from '@kit/index';
import { FLAGS, flagClass, LIST, useWords, type OrderDetail, type OrderWords } from './types';

type Written = NonNullable<OrderDetail['memo']>;
type Limit = OrderWords['memos'][number];

const STATES: Readonly<Record<string, [string, Tone]>> = {
  writing: ['正在写回平台', 'doing'], written: ['已写回平台', 'done'], refused: ['平台拒绝', 'bad'], void: ['没有写回', 'warn'],
  here: ['只记在本系统', 'off'],
};
const LONGEST = 200;

export const writeMemo = (target: Target, text: string | null, flag: string) => (key: string) =>
  post<BatchAnswer>(`${LIST}/memo`, { target, text, flag }, { key });

const READ_BACK = 30_000;

/** Whether the last writing is on its way, or was just taken and the flag is not read back yet. */
export function memoMoves({ memo, order }: OrderDetail): boolean {
  if (memo?.state !== 'written') return memo?.state === 'writing';
  return memo.flag !== '' && memo.flag !== order.flag && Date.now() - Date.parse(memo.at) < READ_BACK;
}

export interface Memo { text: string; keep: boolean; flag: string }
export const EMPTY_MEMO: Memo = { text: '', keep: false, flag: '' };
export const memoReady = (memo: Memo): boolean => memo.flag !== '' || !memo.keep;

/** The flags that may be chosen: those of these platforms, all of them where none is told. */
export function flagsOf(limits: readonly Limit[]): string[] {
  const known = [...new Set(limits.flatMap((l) => l.flags))];
  return known.length > 0 ? known : Object.keys(FLAGS);
}

/** Memo and flag to write; the memo replaces the platform's, or stays while only the flag changes. */
export function MemoFields({ memo, set, limits, told }: { memo: Memo; set: (memo: Memo) => void; limits: readonly Limit[]; told: boolean | null }) {
  const most = told === false ? LONGEST : Math.max(...limits.map((l) => l.longest), 0) || LONGEST;
  const named = limits.map((l) => `${l.label}最多 ${l.longest} 个字`).join('，');
  return (
    <>
      <Form.Item label="卖家备注">
        <p className="k-small k-faint k-gap">{`${told === false ? '这家店没有接口，只记在本系统，平台上没有。' : `会替换平台上原来的备注。${named ? `${named}。` : ''}`}自己写的备注不会挂起订单，要先不发请用“挂起”。`}</p>
        <Radio.Group className="k-gap" value={memo.keep} onChange={(e) => set({ ...memo, keep: e.target.value === true })} options={[{ value: false, label: '写备注' }, { value: true, label: '只改旗帜' }]} />
        {!memo.keep && <Input.TextArea autoFocus rows={3} showCount maxLength={most} value={memo.text} placeholder="留空就清掉原来的备注" onChange={(e) => set({ ...memo, text: e.target.value })} />}
      </Form.Item>
      <Form.Item label="旗帜">
        <Radio.Group value={memo.flag} onChange={(e) => set({ ...memo, flag: String(e.target.value) })}>
          <Radio value="">不改</Radio>
          {flagsOf(told === false ? [] : limits).map((f) => <Radio key={f} value={f}><FlagFilled className={flagClass(f)} /> {f}</Radio>)}
        </Radio.Group>
      </Form.Item>
    </>
  );
}

function How({ memo }: { memo: Written }) {
  const [label, tone] = STATES[memo.state] ?? ['正在写回平台', 'doing'];
  const what = [memo.text ? '备注' : '', memo.flag ? `${memo.flag}旗` : ''].filter(Boolean).join('、');
  return (
    <p className="k-small">
      <StateTag tone={tone} label={label} /> {what} · {memo.by || '系统'} <Time at={memo.at} />
      {memo.reason && <span className={memo.state === 'refused' ? 'k-red' : 'k-faint'}>　{memo.reason}</span>}
      {memo.state === 'here' && <span className="k-faint">　平台上没有，要让平台也有请在平台后台写</span>}
    </p>
  );
}

/** Notes of an order: the buyer's words and the seller's memo (sealed), the flag, and how our last writing fares. */
export function MemoPanel({ detail }: { detail: OrderDetail }) {
  const { order } = detail;
  const words = useWords();
  const mayEdit = useMay('orders.edit');
  const [memo, setMemo] = useState<Memo | null>(null);
  const [left, setLeft] = useState('');
  const { act, busy } = useAct();
  const limits = (words?.memos ?? []).filter((l) => l.platform === order.platform);
  const save = async () => {
    if (!memo) return;
    const after = (answer: BatchAnswer | undefined) => {
      const why = answer?.left?.[0]?.reason ?? '';
      setLeft(why);
      if (!why) setMemo(null);
    };
    await act(writeMemo({ ids: [order.id] }, memo.keep ? null : memo.text, memo.flag), { after });
  };
  return (
    <Panel title="备注和旗帜" extra={mayEdit && !memo && <Button type="link" size="small" onClick={() => setMemo(EMPTY_MEMO)}>写备注</Button>}>
      <div className="o-person">
        <div className="k-row">
          {order.flag && FLAGS[order.flag] ? <><FlagFilled className={flagClass(order.flag)} /> {FLAGS[order.flag]}</> : <span className="k-faint"><FlagOutlined /> 没有插旗</span>}
          {order.has_note || order.has_memo
            ? <><span className="k-faint">{[order.has_note ? '买家留言' : '', order.has_memo ? '卖家备注' : ''].filter(Boolean).join('、')}</span><SealedValue key={order.version} masked="已加密" openPath={detail.may_open ? `${LIST}/${order.id}/open/notes` : null} /></>
            : <span className="k-faint">没有留言和备注</span>}
        </div>
        {detail.courier_demand && <p className="k-small">指定快递：<b>{detail.courier_demand}</b>　<span className="k-faint">平台订单的“指定快递”里写的</span></p>}
        {detail.memo && <How memo={detail.memo} />}
        {memo && (
          <Form layout="vertical" onFinish={() => void save()}>
            <MemoFields memo={memo} set={setMemo} limits={limits} told={detail.memo_told} />
            {left && <p className="k-small k-red">{left}</p>}
            <Space><Button type="primary" htmlType="submit" size="small" loading={busy} disabled={!memoReady(memo)}>{detail.memo_told ? '写回平台' : '记下'}</Button><Button size="small" onClick={() => { setMemo(null); setLeft(''); }}>不写了</Button></Space>
          </Form>
        )}
      </div>
    </Panel>
  );
}
