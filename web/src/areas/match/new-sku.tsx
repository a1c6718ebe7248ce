import { Form, Input, InputNumber } from 'antd';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer } from '@kit/index';
import { MATCH, type Waiting } from './types';

interface Values { code: string; title: string; spec: string; cost: number | null; quantity: number }

/** A SKU of ours made from the listing's own words, and matched at once. */
export function NewSku({ waiting, pack, close }: { waiting: Waiting; pack: number; close: () => void }) {
  return (
    <FormDrawer<Values>
      title="新增规格并匹配"
      verb="新增"
      initial={{ code: waiting.merchant_code, title: waiting.title, spec: waiting.spec, quantity: pack }}
      save={({ cost, ...values }, key) =>
        post<ActionAnswer>(`${MATCH}/new-sku`, {
          ...values, shop_id: waiting.shop_id, listing_key: waiting.listing_key, cost_fen: cost === null || cost === undefined ? null : Math.round(cost * 100),
        }, { key })}
      onClose={close}
    >
      <Form.Item name="code" label="SKU 编码" rules={[{ required: true, message: '请填写 SKU 编码' }]}><Input autoFocus maxLength={60} /></Form.Item>
      <Form.Item name="title" label="名称" rules={[{ required: true, message: '请填写名称' }]}><Input maxLength={120} /></Form.Item>
      <Form.Item name="spec" label="规格"><Input maxLength={120} /></Form.Item>
      <Form.Item name="cost" label="成本（元）"><InputNumber<number> min={0} precision={2} controls={false} /></Form.Item>
      <Form.Item name="quantity" label="每卖一件发几件"><InputNumber<number> min={1} max={999} /></Form.Item>
    </FormDrawer>
  );
}
