import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, FormDrawer, YuanInput } from '@kit/index';
import { CaseAnswer } from './case-answer';

type Step = components['schemas']['AftersaleStep'];
interface AnswerValues { agreed: boolean; words?: string }
interface MoneyValues { how: 'refunded' | 'borne'; refunded_fen?: number | null; words?: string }

function AnswerForm({ step, onClose }: { step: Step; onClose: () => void }) {
  return (
    <FormDrawer<AnswerValues>
      title={`${step.purchase_number} · ${step.kind_label}`}
      verb="记下答复"
      save={(values, key) => post<ActionAnswer>(`/api/aftersales/${step.id}/answer`, { words: '', ...values }, { key })}
      onClose={onClose}
    >
      <p>{step.text}</p>
      <Form.Item name="agreed" label={`${step.supplier} 的答复`} rules={[{ required: true, message: '请选择对方的答复' }]}>
        <Radio.Group options={[{ value: true, label: step.kind === 'recall_answer' ? '已停发' : '能拦截，会退回' }, { value: false, label: step.kind === 'recall_answer' ? '停不了' : '拦截不了' }]} />
      </Form.Item>
      <Form.Item name="words" label="对方的原话"><Input placeholder="可不填，不要写姓名电话" /></Form.Item>
    </FormDrawer>
  );
}

function MoneyForm({ step, onClose }: { step: Step; onClose: () => void }) {
  return (
    <FormDrawer<MoneyValues>
      title={`${step.purchase_number} · ${step.kind_label}`}
      verb="说清货款"
      initial={{ how: 'refunded', refunded_fen: step.amount_fen }}
      save={({ how, refunded_fen, words }, key) =>
        post<ActionAnswer>(`/api/aftersales/${step.id}/money`, { refunded_fen: how === 'refunded' ? refunded_fen ?? 0 : null, words: words ?? '' }, { key })}
      onClose={onClose}
    >
      {(form) => (
        <>
          <p>{step.text}</p>
          <Form.Item name="how" label="怎么说清">
            <Radio.Group options={[{ value: 'refunded', label: '供应商已退回或不计' }, { value: 'borne', label: '由自己承担' }]} />
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {() => form.getFieldValue('how') === 'borne'
              ? <Form.Item name="words" label="为什么由自己承担"><Input placeholder="例如：金额太小，不再追" /></Form.Item>
              : <Form.Item name="refunded_fen" label="退回多少" extra="只退了一部分，剩下的会继续等"><YuanInput /></Form.Item>}
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}

/** The one button of a step: done, the answer, or the money. */
export function StepAction({ step }: { step: Step }) {
  const [open, setOpen] = useState(false);
  if (step.asks === 'do') {
    return <ActionButton label={step.verb} look="primary" run={(key) => post<ActionAnswer>(`/api/aftersales/${step.id}/do`, {}, { key })} />;
  }
  if (step.asks === 'none') return <span className="k-faint k-small">有结果后自动继续</span>;
  const close = () => setOpen(false);
  if (step.asks === 'case') {
    return (
      <>
        <Button onClick={() => setOpen(true)}>同意或拒绝</Button>
        {open && <CaseAnswer step={step} onClose={close} />}
      </>
    );
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{step.asks === 'money' ? '说清货款' : '记下答复'}</Button>
      {open && (step.asks === 'money' ? <MoneyForm step={step} onClose={close} /> : <AnswerForm step={step} onClose={close} />)}
    </>
  );
}
