import { Button, Form, Input } from 'antd';
import { put } from '@api/http';
import { useMe } from '@api/queries';
import { useAct } from '@kit/act';

/** The company's name: stands on sheets and links that suppliers get. */
export function CompanyStep({ next }: { next: () => void }) {
  const company = useMe().data?.company;
  const { act, busy } = useAct();
  const save = (values: { name: string }) => void act(() => put('/api/company', values), { refresh: ['/api/me'], after: next });
  return (
    <Form layout="vertical" requiredMark={false} onFinish={save} initialValues={{ name: company?.name ?? '' }} className="k-narrow">
      <Form.Item label="公司或店主名" name="name" extra="供应商收到的表格和链接上会写这个名字，以后可以改。" rules={[{ required: true, whitespace: true, message: '请填一个供应商认得的名字' }]}>
        <Input autoFocus maxLength={60} placeholder="例如：恒家家居" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={busy}>下一步：店铺</Button>
    </Form>
  );
}
