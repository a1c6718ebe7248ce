import { Form, Input } from 'antd';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer } from '@kit/index';
import type { Member } from './shapes';

interface Props {
  member: Member;
  save: (password: string, key: string) => Promise<ActionAnswer>;
  onClose: () => void;
}

/** A new password for a colleague who is locked out. */
export function ResetForm({ member, save, onClose }: Props) {
  return (
    <FormDrawer<{ password: string }> title={`重设 ${member.name} 的密码`} verb="重设" width={400} refresh={['/api/members']} save={(v, key) => save(v.password, key)} onClose={onClose}>
      <p className="k-faint k-gap">重设后，{member.name} 的所有登录立即退出，动态码关闭。请当面或电话告诉本人新密码，并提醒登录后自己再改一次。</p>
      <Form.Item label="新密码" name="password" extra="至少 8 位，不要纯数字或常见密码。" rules={[{ required: true, min: 8, message: '至少 8 位' }]}>
        <Input.Password autoFocus autoComplete="new-password" />
      </Form.Item>
    </FormDrawer>
  );
}
