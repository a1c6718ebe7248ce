import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { sentence } from '@api/errors';
import { Mark } from './layout/mark';
import { insideOnly, useSignIn, type Credentials } from './sign-in';

export function Login() {
  const [params] = useSearchParams();
  const go = useNavigate();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { signIn, busy, needsCode } = useSignIn();
  const submit = (values: Credentials) => {
    setRefusal(null);
    signIn(values)
      .then((done) => done && void go(insideOnly(params.get('next')), { replace: true }))
      .catch((error: unknown) => setRefusal(sentence(error)));
  };
  return (
    <main className="k-login">
      <div className="k-login-box">
        <div className="k-login-mark"><Mark size={30} /><h1>代发</h1></div>
        <p className="k-faint">无货源电商的一天：导入、派单、回填、上传。</p>
        {refusal && <Alert type="warning" showIcon title={refusal} className="k-gap" />}
        <Form<Credentials> layout="vertical" size="large" requiredMark={false} onFinish={submit}>
          <Form.Item label="账号" name="login" rules={[{ required: true, message: '请输入账号' }]}><Input autoFocus autoComplete="username" /></Form.Item>
          <Form.Item label="密码" name="password" rules={[{ required: true, message: '请输入密码' }]}><Input.Password autoComplete="current-password" /></Form.Item>
          {needsCode && (
            <Form.Item label="动态码" name="code" extra="打开手机上的验证器，输入 6 位数字；手机不在身边时输入备用码。" rules={[{ required: true, message: '请输入动态码或备用码' }]}>
              <Input autoFocus maxLength={12} autoComplete="one-time-code" />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" block loading={busy}>登录</Button>
        </Form>
      </div>
    </main>
  );
}
