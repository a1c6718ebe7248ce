import { DatePicker, Form, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { post, put } from '@api/http';
import { itemsOf, useApi, usePlatforms } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { beijing, FormDrawer, useNow, YuanInput } from '@kit/index';
import type { Rate, RateList } from './shapes';

interface Values {
  kind: string;
  platform: string;
  shop_id: string | null;
  category: string;
  percent: string | null;
  fixed_fen: number | null;
  valid_from: string;
  valid_to: string | null;
  source: string;
}
interface Shop {
  id: string;
  name: string;
  platform: string;
}

/** A day in a form: ``2026-11-20`` or null. */
function Day({ value, onChange, disabled = false }: { value?: string | null; onChange?: (day: string | null) => void; disabled?: boolean }) {
  return <DatePicker disabled={disabled} value={value ? dayjs(value) : null} placeholder="不限" onChange={(day) => onChange?.(day ? day.format('YYYY-MM-DD') : null)} />;
}

function valueOf(rate: Rate | null, today: string): Partial<Values> {
  if (!rate) return { platform: '', shop_id: null, category: '', percent: null, fixed_fen: null, valid_from: today, valid_to: null, source: '' };
  return { ...rate };
}

/** A new rate of the company's own, or changes to one; what it is for stays as it was. */
export function RateForm({ rate, kinds, onClose }: { rate: Rate | null; kinds: RateList['kinds']; onClose: () => void }) {
  const platforms = usePlatforms();
  const shops = itemsOf(useApi<Shop[] | { items: Shop[] }>('/api/shops').data);
  const today = beijing(useNow()).format('YYYY-MM-DD');
  const fixed = rate !== null;
  const save = (v: Values, key: string) => {
    const says = { percent: v.percent === '' ? null : v.percent, fixed_fen: v.fixed_fen, valid_to: v.valid_to, source: v.source };
    if (rate) return put<ActionAnswer>(`/api/rates/${rate.id}`, { ...says, version: rate.version }, { key });
    return post<ActionAnswer>('/api/rates', { ...says, kind: v.kind, platform: v.platform, shop_id: v.shop_id ?? null, category: v.category, valid_from: v.valid_from }, { key });
  };
  const ofPlatform = (platform: string) => shops.filter((s) => !platform || s.platform === platform).map((s) => ({ value: s.id, label: s.name }));
  return (
    <FormDrawer<Values> title={rate ? `修改${rate.label}` : '新费率'} verb={rate ? '保存' : '新增'} initial={valueOf(rate, today)} save={save} refresh={['/api/rates', '/api/orders']} onClose={onClose}>
      {(form) => (
        <>
          <Form.Item label="科目" name="kind" rules={[{ required: true, message: '请选科目' }]}><Select disabled={fixed} options={kinds} placeholder="收的是什么钱" /></Form.Item>
          <Form.Item label="平台" name="platform"><Select disabled={fixed} options={[{ value: '', label: '所有平台' }, ...platforms.map((p) => ({ value: p.key, label: p.name }))]} onChange={() => form.setFieldValue('shop_id', null)} /></Form.Item>
          <Form.Item noStyle shouldUpdate>
            {() => <Form.Item label="店铺" name="shop_id"><Select allowClear disabled={fixed} placeholder="所有店铺" options={ofPlatform(form.getFieldValue('platform') as string)} /></Form.Item>}
          </Form.Item>
          <Form.Item label="类目" name="category"><Input disabled={fixed} maxLength={60} placeholder="所有类目" /></Form.Item>
          <Form.Item label="比例" name="percent" extra="占退款后实收的百分之几；比例和每单固定至少填一个" rules={[{ validator: (_, v: string | null) => (v || form.getFieldValue('fixed_fen') !== null ? Promise.resolve() : Promise.reject(new Error('比例和每单固定至少填一个'))) }]}><InputNumber<string> stringMode min="0" max="100" precision={4} formatter={(v) => (v === undefined || v === '' ? '' : String(v).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''))} controls={false} suffix="%" style={{ width: 140 }} /></Form.Item>
          <Form.Item label="每单固定" name="fixed_fen"><YuanInput width={140} /></Form.Item>
          <Form.Item label="从哪天起" name="valid_from" rules={[{ required: true, message: '请选开始日期' }]}><Day disabled={fixed} /></Form.Item>
          <Form.Item label="到哪天止" name="valid_to"><Day /></Form.Item>
          <Form.Item label="依据" name="source"><Input maxLength={200} placeholder="例如 2026 年 10 月账单" /></Form.Item>
        </>
      )}
    </FormDrawer>
  );
}
