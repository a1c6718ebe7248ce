import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { patch, post } from '@api/http';
import { useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { itemsOf } from '@api/queries';
import { ActionButton, EmptyTeach, Grid, StateTag, Time, type ListColumn } from '@kit/index';
import { MemberForm } from './member-form';
import { ResetForm } from './reset-form';
import './screen.css';
import { scopeText, type Member, type Named, type Role } from './shapes';

interface Deeds {
  edit: (member: Member) => void;
  reset: (member: Member) => void;
  shops: readonly Named[];
  suppliers: readonly Named[];
}

const setActive = (member: Member, active: boolean) =>
  patch<unknown>(`/api/members/${member.id}`, { active, version: member.version }).then((): ActionAnswer => ({ message: active ? `${member.name} 可以登录了` : `${member.name} 已停用，登录和接口令牌立即失效` }));

function columnsOf({ edit, reset, shops, suppliers }: Deeds): ListColumn<Member>[] {
  return [
    {
      key: 'name', title: '成员', width: 200, locked: true,
      render: (m) => <div className="k-cell"><span>{m.name}{m.me && <span className="k-faint">（我）</span>}</span><span className="k-faint k-small">{m.login}</span></div>,
    },
    { key: 'role', title: '角色', width: 120, render: (m) => m.role_name },
    {
      key: 'scope', title: '数据范围', width: 260,
      render: (m) => <div className="k-cell"><span className="k-cut">{scopeText(m.shop_scope, '店铺', shops)}</span><span className="k-faint k-small k-cut">{scopeText(m.supplier_scope, '供应商', suppliers)}</span></div>,
    },
    { key: 'totp', title: '动态码', width: 90, render: (m) => (m.totp ? <StateTag tone="done" label="已开启" /> : <StateTag tone="warn" label="未开启" />) },
    { key: 'seen', title: '最近使用', width: 120, render: (m) => <Time at={m.seen_at} relative /> },
    { key: 'state', title: '状态', width: 80, render: (m) => (m.active ? <StateTag tone="doing" label="在用" /> : <StateTag tone="off" label="已停用" />) },
    {
      key: 'deeds', title: '操作', width: 196, locked: true,
      render: (m) => (
        <div className="k-row">
          <Button type="link" size="small" onClick={() => edit(m)}>修改</Button>
          {!m.me && <Button type="link" size="small" onClick={() => reset(m)}>重设密码</Button>}
          {!m.me && (m.active
            ? <ActionButton label="停用" look="link" run={() => setActive(m, false)} refresh={['/api/members']} />
            : <ActionButton label="启用" look="link" run={() => setActive(m, true)} refresh={['/api/members']} />)}
        </div>
      ),
    },
  ];
}

const byId = (m: Member) => m.id;

/** Everybody of the company, the leavers last. */
export function MemberTable({ members, roles, waiting }: { members: readonly Member[]; roles: readonly Role[]; waiting: boolean }) {
  const shops = itemsOf(useApi<Named[] | { items: Named[] }>('/api/shops').data);
  const suppliers = itemsOf(useApi<Named[] | { items: Named[] }>('/api/suppliers', { limit: 200 }).data);
  const [editing, edit] = useState<Member | null>(null);
  const [resetting, reset] = useState<Member | null>(null);
  const columns = useMemo(() => columnsOf({ edit, reset, shops, suppliers }), [shops, suppliers]);
  return (
    <div className="members-grid">
      <Grid<Member>
        rows={members}
        idOf={byId}
        columns={columns}
        loading={waiting}
        empty={<EmptyTeach title="还没有成员" steps={['点“添加成员”', '选角色和数据范围', '把登录名和密码告诉同事']} />}
        rowTone={(m) => (m.active ? undefined : 'done')}
      />
      {editing && <MemberForm member={editing} roles={roles} onClose={() => edit(null)} />}
      {resetting && <ResetForm member={resetting} save={(password, key) => post<ActionAnswer>(`/api/members/${resetting.id}/reset`, { password }, { key })} onClose={() => reset(null)} />}
    </div>
  );
}
