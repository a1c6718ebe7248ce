import { Checkbox, Form, Input, Select } from 'antd';
import type { components } from '@api/schema';
import { post } from '@api/http';
import { useApi, useMe } from '@api/queries';
import { FormDrawer } from '@kit/index';

type Permission = components['schemas']['PermissionOut'];
type NewToken = components['schemas']['NewToken'];

interface Values {
  name: string;
  scopes: string[];
  days: number;
}

const LIVES = [7, 30, 90, 180, 365];

/** A new token: a name, what it may do (of what I may), how long. */
export function TokenForm({ onMade, onClose }: { onMade: (made: NewToken) => void; onClose: () => void }) {
  const me = useMe().data;
  const all = useApi<Permission[]>('/api/permissions', undefined, { staleTime: Number.POSITIVE_INFINITY }).data ?? [];
  const mine = all.filter((p) => me?.permissions.includes('*') || me?.permissions.includes(p.key));
  const save = async (v: Values, key: string) => onMade(await post<NewToken>('/api/tokens', v, { key }));
  return (
    <FormDrawer<Values> title="新建接口令牌" verb="新建" initial={{ days: 90, scopes: [] }} save={save} refresh={['/api/tokens']} onClose={onClose}>
      <Form.Item label="名字" name="name" extra="写清是谁在用，例如“仓库打印机”。" rules={[{ required: true, message: '请填写名字' }]}><Input autoFocus maxLength={40} /></Form.Item>
      <Form.Item label="有效期" name="days"><Select options={LIVES.map((d) => ({ value: d, label: `${d} 天` }))} /></Form.Item>
      <Form.Item label="能做什么" name="scopes" rules={[{ required: true, message: '请至少选一项' }]}>
        <Checkbox.Group className="settings-scopes" options={mine.map((p) => ({ value: p.key, label: p.label }))} />
      </Form.Item>
    </FormDrawer>
  );
}
