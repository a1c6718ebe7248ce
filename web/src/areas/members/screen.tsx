import { UserAddOutlined } from '@ant-design/icons';
import { Button, Tabs } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi } from '@api/queries';
import { Failed, Page } from '@kit/index';
import { MemberForm } from './member-form';
import { MemberTable } from './member-table';
import { Roles } from './roles';
import type { Member, Role } from './shapes';

function Answer({ members }: { members: readonly Member[] }) {
  const active = members.filter((m) => m.active);
  const bare = active.filter((m) => !m.totp).length;
  return <><b>{active.length}</b> 位在用成员{bare > 0 && <>，其中 <b>{bare}</b> 位没有开动态码（各自在“设置 → 我的账号”里开启）</>}</>;
}

export default function Members() {
  const [params, setParams] = useSearchParams();
  const members = useApi<Member[]>('/api/members');
  const roles = useApi<Role[]>('/api/roles');
  const [adding, setAdding] = useState(false);
  const error = members.error ?? roles.error;
  if (error) return <Page title="成员与权限"><Failed error={error} retry={() => void Promise.all([members.refetch(), roles.refetch()])} /></Page>;
  const found = members.data ?? [];
  const tab = params.get('tab') ?? 'members';
  return (
    <Page
      title="成员与权限"
      answer={members.data && <Answer members={found} />}
      actions={tab === 'members' && <Button type="primary" icon={<UserAddOutlined />} onClick={() => setAdding(true)}>添加成员</Button>}
      fill
    >
      <Tabs
        className="members-tabs"
        activeKey={tab}
        onChange={(key) => setParams(key === 'members' ? {} : { tab: key })}
        items={[
          { key: 'members', label: `成员 ${found.length || ''}`, children: <MemberTable members={found} roles={roles.data ?? []} waiting={members.isPending} /> },
          { key: 'roles', label: `角色 ${roles.data?.length ?? ''}`, children: <Roles roles={roles.data ?? []} /> },
        ]}
      />
      {adding && <MemberForm roles={roles.data ?? []} onClose={() => setAdding(false)} />}
    </Page>
  );
}
