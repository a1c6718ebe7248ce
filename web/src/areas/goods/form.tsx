import { Form, Input, InputNumber, Switch } from 'antd';
import { patch, post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer, YuanInput } from '@kit/index';
import type { Sku } from './types';

interface Values {
  sku_code: string;
  title: string;
  spec: string;
  category: string;
  barcode: string;
  image_url: string;
  weight_g: number | null;
  cost_fen: number | null;
  active: boolean;
}

const empty: Partial<Values> = { spec: '', category: '', barcode: '', image_url: '', weight_g: null, cost_fen: null, active: true };

/** A new SKU, or changes to one. */
export function SkuForm({ sku, onClose }: { sku?: Sku; onClose: () => void }) {
  const seesCost = useMay('finance.view');
  const save = ({ sku_code, active, cost_fen, ...values }: Values, key: string) => {
    const cost = seesCost ? { cost_fen } : {};
    return sku
      ? patch<ActionAnswer>(`/api/goods/${sku.id}`, { ...values, ...cost, active, version: sku.version }, { key })
      : post<ActionAnswer>('/api/goods', { sku_code, ...values, ...cost }, { key });
  };
  return (
    <FormDrawer<Values>
      title={sku ? `修改 ${sku.code}` : '新增规格'}
      verb={sku ? '保存' : '新增'}
      initial={sku ? { ...sku } : empty}
      save={save}
      refresh={['/api/goods']}
      onClose={onClose}
    >
      {!sku && (
        <Form.Item label="SKU 编码" name="sku_code" extra="和店铺里的商家编码一样，订单就能自动匹配" rules={[{ required: true, whitespace: true, message: '请填 SKU 编码' }]}>
          <Input maxLength={80} autoFocus />
        </Form.Item>
      )}
      <Form.Item label="商品名称" name="title" rules={[{ required: true, whitespace: true, message: '请填商品名称' }]}><Input maxLength={200} /></Form.Item>
      <Form.Item label="规格" name="spec"><Input maxLength={200} placeholder="例如：大号 蓝色" /></Form.Item>
      {seesCost && <Form.Item label="成本" name="cost_fen" extra="自己记的参考成本；毛利按供应商报价和采购单算，不用它"><YuanInput /></Form.Item>}
      <Form.Item label="重量" name="weight_g" extra="按重量计运费时用"><InputNumber<number> min={0} precision={0} controls={false} suffix="克" style={{ width: 140 }} /></Form.Item>
      <Form.Item label="类目" name="category"><Input maxLength={80} /></Form.Item>
      <Form.Item label="条码" name="barcode"><Input maxLength={40} /></Form.Item>
      <Form.Item label="图片链接" name="image_url"><Input maxLength={500} placeholder="https://" /></Form.Item>
      {sku && <Form.Item label="在用" name="active" valuePropName="checked" extra="停用后不再参与匹配和派单"><Switch /></Form.Item>}
    </FormDrawer>
  );
}
