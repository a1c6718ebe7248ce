import { Form, Input, Radio, Select } from 'antd';
import { patch, post } from '@api/http';
import { itemsOf, useApi } from '@api/queries';
import { FormDrawer } from '@kit/index';
import type { Member, Named, Role } from './shapes';

interface Values {
  login: string;
  password: string;
  name: string;
  role: string;
  shops_all: boolean;
  shop_scope: string[];
  suppliers_all: boolean;
  supplier_scope: string[];
}

const BLANK: Partial<Values> = { role: 'operator', shops_all: true, shop_scope: [], suppliers_all: true, supplier_scope: [] };

function asValues(member: Member): Partial<Values> {
  return {
    name: member.name,
    role: member.role,
    shops_all: member.shop_scope === null,
    shop_scope: member.shop_scope ?? [],
    suppliers_all: member.supplier_scope === null,
    supplier_scope: member.supplier_scope ?? [],
  };
}

function Scope({ what, name, path, limit }: { what: string; name: 'shop' | 'supplier'; path: string; limit?: number }) {
  const known = itemsOf(useApi<Named[] | { items: Named[] }>(path, { limit }).data);
  const all = `${name}s_all`;
  return (
    <>
      <Form.Item label={`能看到哪些${what}`} name={all} className="k-gap">
        <Radio.Group options={[{ value: true, label: `全部${what}（以后新增的也算）` }, { value: false, label: '只看选中的' }]} />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {({ getFieldValue }) =>
          getFieldValue(all) === false && (
            <Form.Item name={`${name}_scope`} rules={[{ required: true, message: `请选${what}，或改为全部` }]}>
              <Select mode="multiple" optionFilterProp="label" placeholder={`选${what}`} options={known.map((k) => ({ value: k.id, label: k.name }))} />
            </Form.Item>
          )
        }
      </Form.Item>
    </>
  );
}

const roleLabel = (role: Role) => (role.builtin ? role.name : `${role.name}（自定义）`);

/** Add a colleague, or change what one may do and see. */
export function MemberForm({ member, roles, onClose }: { member?: Member; roles: readonly Role[]; onClose: () => void }) {
  const save = async (v: Values, key: string) => {
    const scopes = { shop_scope: v.shops_all ? null : v.shop_scope, supplier_scope: v.suppliers_all ? null : v.supplier_scope };
    if (member) {
      await patch(`/api/members/${member.id}`, { name: v.name, role: v.role, ...scopes, scopes_given: true, version: member.version });
      return { message: `${v.name} 已保存，下一次操作就生效` };
    }
    await post('/api/members', { login: v.login, password: v.password, name: v.name, role: v.role, ...scopes }, { key });
    return { message: `已添加 ${v.name || v.login}，可以登录了` };
  };
  return (
    <FormDrawer<Values>
      title={member ? `修改 ${member.name}` : '添加成员'}
      verb={member ? '保存' : '添加'}
      initial={member ? asValues(member) : BLANK}
      save={save}
      refresh={['/api/members', '/api/roles', '/api/me']}
      onClose={onClose}
    >
      {!member && (
        <>
          <Form.Item label="登录名" name="login" rules={[{ required: true, message: '请填写登录名' }]}><Input autoFocus autoComplete="off" /></Form.Item>
          <Form.Item label="初始密码" name="password" extra="至少 8 位，不要纯数字或常见密码。对方登录后可自己修改。" rules={[{ required: true, min: 8, message: '至少 8 位' }]}><Input.Password autoComplete="new-password" /></Form.Item>
        </>
      )}
      <Form.Item label="姓名" name="name" rules={[{ required: true, message: '请填写姓名' }]}><Input autoComplete="off" /></Form.Item>
      <Form.Item label="角色" name="role" extra="角色决定能做什么，下面决定能看到谁的数据。"><Select options={roles.map((r) => ({ value: r.key, label: roleLabel(r) }))} /></Form.Item>
      <Scope what="店铺" name="shop" path="/api/shops" />
      <Scope what="供应商" name="supplier" path="/api/suppliers" limit={200} />
    </FormDrawer>
  );
}
