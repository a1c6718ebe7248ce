import { Button, Form, Input, Select } from 'antd';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import { PlatformBadge, useAct } from '@kit/index';
import { usePlatformOptions } from './form';
import type { Shop } from './words';

interface Values {
  platform: string;
  name: string;
}

/** Shops, one line each; more can come with the first order file. */
export default function ShopsStep({ next }: { next: () => void }) {
  const [form] = Form.useForm<Values>();
  const options = usePlatformOptions();
  const shops = useApi<{ items: Shop[] }>('/api/shop-list').data?.items ?? [];
  const { act, busy } = useAct();
  const add = async (values: Values) => {
    const made = await act(async (key) => void (await post('/api/shops', values, { key })), { done: '已新增', refresh: ['/api/shop'] });
    if (made) form.resetFields();
  };
  return (
    <div className="k-stack">
      {shops.length > 0 && <div className="k-row">{shops.map((s) => <PlatformBadge key={s.id} platform={s.platform} shop={s.name} />)}</div>}
      <Form<Values> form={form} layout="inline" requiredMark={false} onFinish={(values) => void add(values)}>
        <Form.Item name="platform" rules={[{ required: true, message: '请选平台' }]}><Select style={{ width: 200 }} placeholder="平台" options={options} /></Form.Item>
        <Form.Item name="name" rules={[{ required: true, whitespace: true, message: '请填名称' }]}><Input style={{ width: 240 }} maxLength={60} placeholder="店铺名称，和平台上一样" /></Form.Item>
        <Button htmlType="submit" type={shops.length > 0 ? 'default' : 'primary'} loading={busy}>加上</Button>
      </Form>
      <div><Button type={shops.length > 0 ? 'primary' : 'default'} onClick={next}>{shops.length > 0 ? '下一步' : '先跳过，导入订单时再建'}</Button></div>
    </div>
  );
}
