import { Form, Input } from 'antd';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer } from '@kit/index';

interface Values {
  old: string;
  password: string;
  again: string;
}

/** A new password; every other browser of mine is signed out. */
export function PasswordForm({ onClose }: { onClose: () => void }) {
  return (
    <FormDrawer<Values> title="修改密码" verb="修改" width={400} save={(v, key) => post<ActionAnswer>('/api/me/password', { old: v.old, password: v.password }, { key })} refresh={['/api/me']} onClose={onClose}>
      <Form.Item label="当前密码" name="old" rules={[{ required: true, message: '请输入当前密码' }]}><Input.Password autoFocus autoComplete="current-password" /></Form.Item>
      <Form.Item label="新密码" name="password" extra="至少 8 位，不要纯数字或常见密码。" rules={[{ required: true, min: 8, message: '至少 8 位' }]}><Input.Password autoComplete="new-password" /></Form.Item>
      <Form.Item
        label="再输一次新密码"
        name="again"
        dependencies={['password']}
        rules={[{ required: true, message: '请再输一次' }, ({ getFieldValue }) => ({ validator: (_, value) => (!value || value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error('两次输入不一样'))) })]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <p className="k-faint">修改后，其他设备上的登录会立即退出；接口令牌不受影响。</p>
    </FormDrawer>
  );
}
