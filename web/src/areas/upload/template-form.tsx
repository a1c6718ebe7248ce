import { Checkbox, Form, InputNumber, Select } from 'antd';
import { del, get, put } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, FormDrawer } from '@kit/index';

type Detail = components['schemas']['TemplateDetail'];
interface Values {
  columns: string[];
  row_limit: number;
  one_courier: boolean;
  several: string;
  verified: boolean;
}

const VALUES = [
  { value: '', label: '（留空）' },
  { value: 'order_no', label: '订单号' },
  { value: 'line_no', label: '子订单号' },
  { value: 'courier', label: '快递公司名称' },
  { value: 'courier_code', label: '快递公司编码' },
  { value: 'tracking_no', label: '快递单号' },
  { value: 'quantity', label: '数量' },
];

const pathOf = (shopId: string) => `/api/upload/shops/${shopId}/template`;

const valuesOf = (d: Detail): Values => ({ columns: d.columns.map((c) => c.value), row_limit: d.row_limit, one_courier: d.one_courier, several: d.several, verified: d.verified });

/** A person's word that a shop's template works, the rest of it as it is. */
export async function confirmTemplate(shopId: string, key: string): Promise<ActionAnswer> {
  const now = await get<Detail>(pathOf(shopId));
  return put<ActionAnswer>(pathOf(shopId), { ...valuesOf(now), verified: true }, { key });
}

/** What each column of a shop's template takes, limits and split rules, and whether it was proved to work. */
export function TemplateForm({ shopId, shop, onClose }: { shopId: string; shop: string; onClose: () => void }) {
  const path = pathOf(shopId);
  const { data } = useApi<Detail>(path);
  if (!data) return null;
  return (
    <FormDrawer<Values>
      title={`${shop} 的发货模板`}
      verb="保存"
      initial={valuesOf(data)}
      save={(values, key) => put<ActionAnswer>(path, values, { key })}
      onClose={onClose}
    >
      <p className="k-faint k-gap">{data.name}{data.source && data.source !== 'learned' ? '（内置，按公开资料整理）' : ''}</p>
      {data.columns.map((c, i) => (
        <Form.Item key={i} label={`“${c.header}”列填`} name={['columns', i]} {...(c.fixed && { extra: `不选时固定填“${c.fixed}”` })}>
          <Select options={VALUES} />
        </Form.Item>
      ))}
      <Form.Item label="每个文件最多几行（0 = 不限）" name="row_limit">
        <InputNumber min={0} max={100000} precision={0} />
      </Form.Item>
      <Form.Item label="一单有几个包裹时" name="several">
        <Select options={[{ value: 'row_each', label: '每个包裹一行' }, { value: 'first_only', label: '只写第一个，其余到后台追加' }]} />
      </Form.Item>
      <Form.Item name="one_courier" valuePropName="checked">
        <Checkbox>每个文件只能有一家快递（自动分文件）</Checkbox>
      </Form.Item>
      <Form.Item name="verified" valuePropName="checked">
        <Checkbox>模板可用：我用它在平台上传成功过</Checkbox>
      </Form.Item>
      <ActionButton label="改回内置模板" look="link" run={(key) => del<ActionAnswer>(path, { key })} after={onClose} />
    </FormDrawer>
  );
}
