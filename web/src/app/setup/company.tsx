import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { sentence } from '@api/errors';
import { post } from '@api/http';
import { queries, useMe } from '@api/queries';

interface FirstRun {
  company: string;
  name: string;
  login: string;
  password: string;
}

const SHORTEST_PASSWORD = 8;

/** The first company and its owner; on a later visit only says that it is done. */
export function CompanyStep({ next }: { next: () => void }) {
  const me = useMe().data;
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (me?.signed_in) {
    return (
      <div className="k-stack">
        <p>公司“{me.company?.name}”已建好，您是它的成员 {me.name || me.login}。</p>
        <div><Button type="primary" onClick={next}>下一步</Button></div>
      </div>
    );
  }
  const create = (values: FirstRun) => {
    setBusy(true);
    setRefusal(null);
    post('/api/first-run', values)
      .then(() => queries.invalidateQueries())
      .then(next)
      .catch((error: unknown) => setRefusal(sentence(error)))
      .finally(() => setBusy(false));
  };
  const required = (message: string) => [{ required: true, whitespace: true, message }];
  return (
    <Form<FirstRun> layout="vertical" requiredMark={false} onFinish={create} className="k-narrow">
      {refusal && <Alert type="warning" showIcon title={refusal} className="k-gap" />}
      <Form.Item label="公司或店主名" name="company" extra="供应商收到的表格和链接上会写这个名字，以后可以改。" rules={required('请填一个供应商认得的名字')}>
        <Input autoFocus maxLength={60} placeholder="例如：恒家家居" />
      </Form.Item>
      <Form.Item label="您的称呼" name="name" rules={required('请填您的称呼，操作日志里会用它')}><Input maxLength={30} placeholder="例如：李姐" /></Form.Item>
      <Form.Item label="登录账号" name="login" rules={required('请填登录账号')}><Input maxLength={60} autoComplete="username" placeholder="手机号或拼音" /></Form.Item>
      <Form.Item label="密码" name="password" rules={[{ required: true, min: SHORTEST_PASSWORD, message: `密码至少 ${SHORTEST_PASSWORD} 位` }]}>
        <Input.Password autoComplete="new-password" placeholder={`至少 ${SHORTEST_PASSWORD} 位`} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={busy}>建好公司，下一步</Button>
    </Form>
  );
}
