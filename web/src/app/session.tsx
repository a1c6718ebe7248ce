import { App, Form, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ApiError, sentence } from '@api/errors';
import { onExpired, post } from '@api/http';
import { queries, refresh, useMe } from '@api/queries';
import { Failed } from '@kit/list/failed';
import { useSignIn } from './sign-in';
import { Waiting } from './waiting';

/** Sign in again over the screen, so that nothing typed or chosen is lost. */
function Again({ login, onDone }: { login: string; onDone: () => void }) {
  const [form] = Form.useForm<{ password: string; code?: string }>();
  const { signIn, busy, needsCode } = useSignIn();
  const { message } = App.useApp();
  const submit = () =>
    form.validateFields()
      .then((values) => signIn({ login, ...values }))
      .then((done) => done && onDone())
      .catch((error: unknown) => error instanceof ApiError && void message.error(sentence(error)));
  return (
    <Modal open title="登录已过期" okText="登录" cancelText="换账号" confirmLoading={busy} onOk={() => void submit()} onCancel={() => window.location.assign('/login')} mask={{ closable: false }} closable={false}>
      <p className="k-faint">输入密码接着做，页面上的内容都还在。</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={() => void submit()}>
        <Form.Item label={`密码（${login}）`} name="password" rules={[{ required: true, message: '请输入密码' }]}><Input.Password autoFocus autoComplete="current-password" /></Form.Item>
        {needsCode && <Form.Item label="动态码" name="code" rules={[{ required: true, message: '请输入动态码或备用码' }]}><Input maxLength={12} autoComplete="one-time-code" /></Form.Item>}
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}

/** Everything that needs a person: sends to the login, to the first-run wizard, and asks again when the session ends. */
export function SignedIn() {
  const me = useMe();
  const place = useLocation();
  const [expired, setExpired] = useState(false);
  const [login, setLogin] = useState('');
  useEffect(() => { if (me.data?.login) setLogin(me.data.login); }, [me.data?.login]);
  const known = me.data?.signed_in === true;
  useEffect(() => onExpired(() => known && setExpired(true)), [known]);
  if (me.isPending) return <Waiting />;
  if (!me.data) return <Failed error={me.error} retry={() => void me.refetch()} />;
  if (me.data.first_run) return <Navigate to="/setup" replace />;
  if (!me.data.signed_in && !expired) {
    return <Navigate to={`/login?next=${encodeURIComponent(place.pathname + place.search)}`} replace />;
  }
  const back = () => {
    setExpired(false);
    void refresh();
  };
  return (
    <>
      <Outlet />
      {expired && <Again login={login} onDone={back} />}
    </>
  );
}

export async function signOut(): Promise<void> {
  await post('/api/sign-out').catch(() => undefined);
  queries.clear();
  window.location.assign('/login');
}
