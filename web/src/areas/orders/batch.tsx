import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import type { ActionAnswer, BatchAnswer, Target } from '@api/shapes';
import { count, ResultPage, useAct, type BatchAction } from '@kit/index';
import { askBuyers } from './deeds';
import { EMPTY_MEMO, MemoFields, memoReady, type Memo } from './memo';
import { ReleaseView } from './release';
import { LIST, PATHS, type OrderWords } from './types';

export type Asking = { what: 'clear' | 'hold' | 'tag' | 'remark' | 'memo' | 'path' | 'plain' | 'decrypt'; target: Target; n: number };

const TITLES: Readonly<Record<Asking['what'], [string, string]>> = {
  clear: ['放行异常', '放行'], hold: ['挂起', '挂起'], tag: ['打标签', '打标'], remark: ['写内部备注', '保存'], memo: ['写卖家备注和旗帜', '写'],
  path: ['收件人怎么来', '改为这样'], plain: ['导出含收件人原文', '导出'], decrypt: ['解密收件人', '解密'],
};

/** The deeds of the batch bar; those that need a word ask for it first. */
export function actionsFor(ask: (asking: Asking) => void, dispatch: (target: Target) => void): BatchAction[] {
  const asking = (what: Asking['what']) => (target: Target, n: number) => ask({ what, target, n });
  const urgent = (on: boolean) => (target: Target, key: string) => post<ActionAnswer>(`${LIST}/priority`, { target, urgent: on }, { key });
  return [
    { key: 'dispatch', label: '派单', hint: '到派单预览，确认后才生成采购单', primary: true, may: 'purchasing.edit', ask: dispatch },
    { key: 'clear', label: '放行', hint: '解除选中订单的异常，可以只放几种，先看会放几单', may: 'orders.edit', ask: asking('clear') },
    { key: 'hold', label: '挂起', hint: '停在“异常”里，放行前不派单', may: 'orders.edit', ask: asking('hold') },
    { key: 'tag', label: '打标', hint: '加上或去掉标签，可按标签筛选', may: 'orders.edit', ask: asking('tag') },
    { key: 'memo', label: '备注/插旗', hint: '写卖家备注和旗帜，有接口的店铺写回平台', may: 'orders.edit', ask: asking('memo') },
    { key: 'remark', label: '内部备注', hint: '只在本系统里看得到', may: 'orders.edit', ask: asking('remark') },
    { key: 'urgent', label: '标为加急', hint: '加上“加急”标记，可单独筛选', may: 'orders.edit', more: true, run: urgent(true) },
    { key: 'usual', label: '取消加急', hint: '去掉“加急”标记', may: 'orders.edit', more: true, run: urgent(false) },
    { key: 'asked', label: '等买家回复', hint: '已联系买家：先不算要处理的，有变化或临近超时再提醒', may: 'orders.edit', more: true, run: (target, key) => askBuyers(target, true)(key) },
    { key: 'unasked', label: '不等买家了', hint: '重新算作要处理的异常', may: 'orders.edit', more: true, run: (target, key) => askBuyers(target, false)(key) },
    { key: 'path', label: '收件人怎么来', hint: '只改选中的订单：文件、厂家代打或等待', may: 'orders.edit', more: true, ask: asking('path') },
    { key: 'decrypt', label: '解密收件人', hint: '请平台解密，要写原因，用掉解密额度', may: 'orders.open', more: true, ask: asking('decrypt') },
    { key: 'plain', label: '导出含收件人原文', hint: '要写原因，会记进操作日志', may: 'orders.open', more: true, ask: asking('plain') },
  ];
}

interface Said { why: string; text: string; add: string[]; remove: string[]; path: string; kinds: string[]; memo: Memo }

const EMPTY: Said = { why: '', text: '', add: [], remove: [], path: 'handover', kinds: [], memo: EMPTY_MEMO };

function wish(asking: Asking, said: Said): [string, object] {
  const { target } = asking;
  switch (asking.what) {
    case 'clear': return ['clear-holds', { target, kinds: said.kinds, why: said.why }];
    case 'hold': return ['hold', { target, why: said.why }];
    case 'tag': return ['tag', { target, add: said.add, remove: said.remove }];
    case 'remark': return ['remark', { target, text: said.text }];
    case 'memo': return ['memo', { target, text: said.memo.keep ? null : said.memo.text, flag: said.memo.flag }];
    case 'path': return ['recipient-path', { target, path: said.path }];
    case 'decrypt': return ['decrypt', { target, reason: said.why }];
    case 'plain': return ['export', { target, plain: true, reason: said.why }];
  }
}

/** One small question before a deed on many orders. */
export function BatchQuestion({ asking, words, close }: { asking: Asking; words: OrderWords | undefined; close: () => void }) {
  const [said, setSaid] = useState<Said>(EMPTY);
  const [done, setDone] = useState<BatchAnswer | null>(null);
  const { act, busy } = useAct();
  const set = (part: Partial<Said>) => setSaid({ ...said, ...part });
  const [title, verb] = TITLES[asking.what];
  const ready = asking.what === 'memo' ? memoReady(said.memo) : asking.what === 'tag' ? said.add.length + said.remove.length > 0 : ['remark', 'path'].includes(asking.what) || said.why.trim() !== '';
  const run = async () => {
    const [path, body] = wish(asking, said);
    const after = (answer: BatchAnswer | undefined) => (answer?.left?.length ? setDone(answer) : close());
    if (ready) await act((key) => post<BatchAnswer>(`${LIST}/${path}`, body, { key }), { after });
  };
  if (done) {
    const left = done.left ?? [];
    return (
      <Modal open title={title} footer={null} onCancel={close}>
        <ResultPage title={done.message ?? ''} succeeded={Math.max(0, asking.n - left.length)} failed={left.length} left={left} />
      </Modal>
    );
  }
  const why = (hint: string) => <Form.Item label="原因（记入历史）"><Input autoFocus maxLength={100} placeholder={hint} value={said.why} onChange={(e) => set({ why: e.target.value })} onPressEnter={() => void run()} /></Form.Item>;
  const tags = (words?.tags ?? []).map((value) => ({ value }));
  return (
    <Modal open title={`${title} · ${count(asking.n)} 单`} okText={verb} cancelText="不了" onCancel={close} onOk={() => void run()} okButtonProps={{ disabled: !ready, loading: busy }}>
      <Form layout="vertical">
        {asking.what === 'clear' && (
          <Form.Item label="只放行这些异常" extra={<ReleaseView target={asking.target} kinds={said.kinds} />}>
            <Select mode="multiple" allowClear placeholder="不选：除了现在不能发的，都放行" value={said.kinds} onChange={(kinds: string[]) => set({ kinds })}
              options={(words?.holds ?? []).filter((h) => h.clearable).map((h) => ({ value: h.kind, label: h.label }))} />
          </Form.Item>
        )}
        {asking.what === 'tag' && (
          <>
            <Form.Item label="加上"><Select mode="tags" autoFocus maxCount={8} options={tags} value={said.add} onChange={(add: string[]) => set({ add })} placeholder="写一个标签，回车" /></Form.Item>
            <Form.Item label="去掉"><Select mode="multiple" options={tags} value={said.remove} onChange={(remove: string[]) => set({ remove })} placeholder="不去掉" /></Form.Item>
          </>
        )}
        {asking.what === 'remark' && <Form.Item label="内部备注" extra="买家和平台看不到；留空就清掉"><Input.TextArea autoFocus rows={3} maxLength={200} value={said.text} onChange={(e) => set({ text: e.target.value })} /></Form.Item>}
        {asking.what === 'memo' && <MemoFields memo={said.memo} set={(memo) => set({ memo })} limits={words?.memos ?? []} told={null} />}
        {asking.what === 'path' && <Form.Item label="这些订单的收件人"><Select value={said.path} onChange={(path: string) => set({ path })} options={Object.entries(PATHS).map(([value, label]) => ({ value, label }))} /></Form.Item>}
        {asking.what === 'clear' && why('看过，可以发货')}
        {asking.what === 'hold' && why('为什么先不发')}
        {asking.what === 'decrypt' && why('为什么要解密，例如“发给线下供应商”')}
        {asking.what === 'plain' && why('为什么要原文，例如“补发面单”')}
      </Form>
    </Modal>
  );
}
