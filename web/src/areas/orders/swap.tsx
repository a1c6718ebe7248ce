import { Form, Input } from 'antd';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer, SkuSelect, type ChosenSku } from '@kit/index';
import { LIST, type OrderDetail } from './types';

interface Values { sku?: ChosenSku; pieces: string; why: string }

/** Other goods for one line of this order alone, as the buyer asked; what the listing is matched to stays. */
export function SwapForm({ order, line, close }: { order: string; line: OrderDetail['lines'][number]; close: () => void }) {
  return (
    <FormDrawer<Values>
      title="换规格（只这一单）"
      verb="换"
      initial={{ pieces: '1', why: '' }}
      save={(values, key) => post<ActionAnswer>(`${LIST}/${order}/lines/${line.id}/swap`, { parts: [[values.sku?.id, Number(values.pieces) || 1]], why: values.why }, { key })}
      onClose={close}
    >
      <p className="k-gap">
        {line.title}<br />
        <span className="k-faint">{line.spec || '默认规格'} ×{line.quantity}，现在发 {line.parts.map((p) => `${p.code} ${p.spec} ×${p.quantity * line.quantity}`).join('、') || '（还没有匹配）'}</span>
      </p>
      <Form.Item name="sku" label="换成" rules={[{ required: true, message: '请选要换成的商品规格' }]}><Sku near={line.parts[0]?.title ?? ''} /></Form.Item>
      <Form.Item name="pieces" label="买家拍 1 件，发几件" rules={[{ required: true, pattern: /^[1-9]\d{0,2}$/, message: '请填 1 到 999' }]}><Input inputMode="numeric" /></Form.Item>
      <Form.Item name="why" label="为什么换" extra="会记在这一单的历史里" rules={[{ required: true, message: '请写一句，比如“买家要灰色”' }]}><Input maxLength={200} /></Form.Item>
    </FormDrawer>
  );
}

/** As a form's field. */
function Sku({ value, onChange, near }: { value?: ChosenSku; onChange?: (sku: ChosenSku | undefined) => void; near: string }) {
  return <SkuSelect value={value} near={near} onChange={(sku) => onChange?.(sku)} />;
}
