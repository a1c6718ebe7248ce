import { Alert, Checkbox, Form, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer } from '@kit/index';
import { acceptPath, choicesOf, sourceOf, sureOf, type Claim } from './claim-row';

type Choice = components['schemas']['PurchaseChoice'];
type Courier = components['schemas']['CourierOut'];
interface Values {
  purchase_id: string;
  tracking_no: string;
  courier?: string;
  shared?: boolean;
  sure?: boolean;
}

/** The few purchases it may be, to press one; another is looked for below. */
function Choices({ claim }: { claim: Claim }) {
  const form = Form.useFormInstance<Values>();
  const chosen = Form.useWatch('purchase_id', form);
  return (
    <Form.Item label="可能是">
      <Radio.Group optionType="button" value={chosen} onChange={(e) => form.setFieldValue('purchase_id', e.target.value)} options={choicesOf(claim).map((s) => ({ value: s.purchase_id, label: s.shown }))} />
    </Form.Item>
  );
}

/** The purchase that was chosen: whose it is, and what a person has to look at before the number goes to it. */
function Chosen({ found, claim }: { found: readonly Choice[]; claim: Claim | null }) {
  const chosen = Form.useWatch('purchase_id', Form.useFormInstance<Values>());
  const one = found.find((p) => p.id === chosen);
  const proposed = claim?.suggestions.some((s) => s.purchase_id === chosen) ?? false;
  if (!chosen || proposed) return null;
  const numbers = one?.tracking_numbers.join('、') ?? '';
  return (
    <>
      {one && one.left === 0 && (
        <Alert type="warning" showIcon className="k-gap" title={`${one.number}（${one.recipient || '没有收件人'}）已经全部发货${numbers && `，单号 ${numbers}`}。登记会用新单号代替它，并重新告诉平台。`} />
      )}
      {one && one.left > 0 && <p className="k-faint">{one.number}：收件人 {one.recipient || '没有'}，还差 {one.left} 件没有单号</p>}
      <Form.Item name="sure" valuePropName="checked">
        <Checkbox>已核对：收件人对不上或已经发货的，也登记</Checkbox>
      </Form.Item>
    </>
  );
}

/** Which purchase it really is, and what the number and the courier should be. Without a claim: a number typed by hand. */
export function CorrectForm({ claim, onClose }: { claim: Claim | null; onClose: () => void }) {
  const [text, setText] = useState('');
  const { data: found } = useApi<Choice[]>(text.length >= 3 ? '/api/tracking/purchases' : null, { text }, { keep: true });
  const { data: couriers } = useApi<Courier[]>('/api/tracking/couriers', undefined, { staleTime: 600_000 });
  const suggested = (claim?.suggestions ?? []).map((s) => ({ value: s.purchase_id, label: `${s.shown}（${s.why}）` }));
  const searched = (found ?? []).map((p) => ({
    value: p.id,
    label: `${p.number} · ${p.recipient || '没有收件人'} · ${p.left > 0 ? `差 ${p.left} 件` : p.state} · ${p.supplier} · ${p.order_no} · ${p.title}`,
  }));
  const known = new Set(searched.map((o) => o.value));
  const sure = claim ? sureOf(claim) : undefined;
  const courier = claim?.suggestions[0]?.courier;
  return (
    <FormDrawer<Values>
      title={claim ? '这个单号是谁的' : '登记一个单号'}
      verb="登记"
      initial={{
        tracking_no: claim?.tracking_no ?? '',
        ...(sure && { purchase_id: sure.purchase_id }),
        ...(courier && { courier }),
        shared: false,
      }}
      save={(values, key) => post<ActionAnswer>(claim ? acceptPath(claim) : '/api/tracking/parcels', { ...values, courier: values.courier ?? '' }, { key })}
      onClose={onClose}
    >
      {claim && <p className="k-gap">{claim.reason}<br /><span className="k-faint">原文：{claim.said}<br />来自 {sourceOf(claim)}</span></p>}
      {claim && choicesOf(claim).length > 0 && <Choices claim={claim} />}
      <Form.Item label="采购单" name="purchase_id" extra="输入采购单号（或后三位）、平台订单号来查找" rules={[{ required: true, message: '请选择采购单' }]}>
        <Select showSearch filterOption={false} onSearch={setText} autoFocus options={[...searched, ...suggested.filter((o) => !known.has(o.value))]} notFoundContent="没有找到，请输入完整单号" />
      </Form.Item>
      <Chosen found={found ?? []} claim={claim} />
      <Form.Item label="快递单号" name="tracking_no" rules={[{ required: true, message: '请填写快递单号' }]}>
        <Input />
      </Form.Item>
      <Form.Item label="快递公司" name="courier" extra="不选时按单号识别">
        <Select allowClear showSearch optionFilterProp="label" options={(couriers ?? []).map((c) => ({ value: c.code, label: c.name }))} />
      </Form.Item>
      <Form.Item name="shared" valuePropName="checked">
        <Checkbox>合箱：这个单号和另一单在一个箱子里</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}
