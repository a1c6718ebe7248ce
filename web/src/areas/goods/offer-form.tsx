import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { post } from '@api/http';
import { itemsOf, useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer, YuanInput } from '@kit/index';
import type { Offer, Sku } from './types';

interface Values {
  supplier_id: string;
  offer_ref: string;
  tiers: { min: number; price_fen: number | null }[];
  lead_hours: number | null;
  stock: number | null;
}

const fen = (yuan: string): number => Math.round(Number(yuan) * 100);

/** What a supplier takes for a SKU, in words: "1 件起 ¥5.00, 10 件起 ¥4.50". */
export function OfferForm({ sku, offer, onClose }: { sku: Sku; offer: Offer | null; onClose: () => void }) {
  const suppliers = itemsOf(useApi<{ items: { id: string; name: string }[] }>('/api/suppliers').data);
  const initial: Partial<Values> = offer
    ? { supplier_id: offer.supplier_id, offer_ref: offer.offer_ref, tiers: offer.tiers.map((t) => ({ min: t.min, price_fen: fen(t.price) })), lead_hours: offer.lead_hours, stock: offer.stock }
    : { offer_ref: '', tiers: [{ min: 1, price_fen: null }], lead_hours: null, stock: null };
  return (
    <FormDrawer<Values>
      title={offer ? `改 ${offer.supplier} 的价` : '加货源'}
      verb="保存"
      initial={initial}
      save={(values, key) => post<ActionAnswer>('/api/supply-links', { ...values, sku_id: sku.id }, { key })}
      refresh={['/api/goods', '/api/suppliers']}
      onClose={onClose}
    >
      <p className="k-faint k-gap">{sku.title} {sku.spec}。新价从今天起生效，以前的采购单不变。</p>
      <Form.Item label="供应商" name="supplier_id" rules={[{ required: true, message: '请选供应商' }]}>
        <Select disabled={offer !== null} showSearch={{ optionFilterProp: 'label' }} placeholder="选择供应商" options={suppliers.map((s) => ({ value: s.id, label: s.name }))} />
      </Form.Item>
      <Form.Item label="价格" required>
        <Form.List name="tiers">
          {(rows, { add, remove }) => (
            <div className="k-stack">
              {rows.map((row) => (
                <div key={row.key} className="k-row">
                  <Form.Item noStyle name={[row.name, 'min']} rules={[{ required: true, message: '请填件数' }]}><InputNumber<number> min={1} precision={0} controls={false} style={{ width: 72 }} /></Form.Item>
                  <span>件起，每件</span>
                  <Form.Item noStyle name={[row.name, 'price_fen']} rules={[{ required: true, message: '请填价格' }]}><YuanInput /></Form.Item>
                  {rows.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label="删除这一档" onClick={() => remove(row.name)} />}
                </div>
              ))}
              <div><Button type="dashed" icon={<PlusOutlined />} onClick={() => add({ min: 10, price_fen: null })}>加一档</Button></div>
            </div>
          )}
        </Form.List>
      </Form.Item>
      <Form.Item label="供应商货号" name="offer_ref"><Input disabled={offer !== null} maxLength={80} placeholder="供应商自己怎么叫它，可不填" /></Form.Item>
      <Form.Item label="发货时效" name="lead_hours" extra="空着就按供应商的"><InputNumber<number> min={0} precision={0} controls={false} suffix="小时" style={{ width: 140 }} /></Form.Item>
      <Form.Item label="库存" name="stock" extra="不知道就空着"><InputNumber<number> min={0} precision={0} controls={false} suffix="件" style={{ width: 140 }} /></Form.Item>
    </FormDrawer>
  );
}
