import { PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { del, put } from '@api/http';
import { useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, StateTag } from '@kit/index';
import { grouped, newRoleKey, type Permission, type Role } from './shapes';

interface Draft {
  key: string;
  name: string;
  held: readonly string[];
  version: number | null;
  builtin: boolean;
  members: number;
}

const asDraft = (role: Role): Draft => ({ key: role.key, name: role.name, held: role.permissions, version: role.version, builtin: role.builtin, members: role.members });
const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((k) => b.includes(k));

/** What each role may do; the owner's role has everything and stays. */
export function Roles({ roles }: { roles: readonly Role[] }) {
  const [chosen, choose] = useState('operator');
  const [fresh, setFresh] = useState<Draft | null>(null);
  const role = roles.find((r) => r.key === chosen) ?? roles[0];
  const add = () => setFresh({ key: newRoleKey(), name: '', held: [], version: null, builtin: false, members: 0 });
  return (
    <div className="roles">
      <div className="roles-list">
        {roles.map((r) => (
          <button key={r.key} type="button" className={!fresh && r.key === role?.key ? 'roles-one here' : 'roles-one'} onClick={() => { setFresh(null); choose(r.key); }}>
            <span className="k-cut">{r.name}</span>
            <span className="k-faint k-small">{r.members} 人</span>
          </button>
        ))}
        <Button type="dashed" icon={<PlusOutlined />} onClick={add}>新角色</Button>
      </div>
      {fresh
        ? <Editor key={fresh.key} initial={fresh} onSaved={() => { choose(fresh.key); setFresh(null); }} />
        : role && <Editor key={`${role.key}-${role.version}`} initial={asDraft(role)} onSaved={() => choose(role.key)} />}
    </div>
  );
}

function Editor({ initial, onSaved }: { initial: Draft; onSaved: () => void }) {
  const permissions = useApi<Permission[]>('/api/permissions', undefined, { staleTime: Number.POSITIVE_INFINITY }).data ?? [];
  const [name, setName] = useState(initial.name);
  const [held, hold] = useState<readonly string[]>(initial.held);
  const owner = initial.key === 'owner';
  const changed = name !== initial.name || !same(held, initial.held);
  const save = () => put<unknown>(`/api/roles/${initial.key}`, { name, permissions: held, version: initial.version }).then((): ActionAnswer => ({ message: `角色“${name}”已保存，${initial.members > 0 ? `${initial.members} 位成员` : '拿到它的成员'}下一次操作就生效` }));
  const flip = (group: readonly Permission[], on: readonly string[]) => {
    const keys = group.map((p) => p.key);
    hold([...held.filter((k) => !keys.includes(k)), ...on]);
  };
  return (
    <div className="roles-edit">
      <div className="k-row">
        <Input className="k-narrow" value={name} disabled={owner || initial.builtin} placeholder="角色名称，例如 打单员" onChange={(e) => setName(e.target.value)} autoFocus={initial.version === null} />
        {initial.builtin && <StateTag tone="off" label={owner ? '内置，拥有全部权限' : '内置'} />}
        <span className="k-grow" />
        {!owner && initial.version !== null && !initial.builtin && (
          <ActionButton label="删除" look="danger" confirm={`“${initial.name}”会被删除，不能撤销。`} why={initial.members > 0 && `还有 ${initial.members} 位成员是这个角色，请先给他们换角色`} run={() => del<ActionAnswer>(`/api/roles/${initial.key}`)} refresh={['/api/roles']} />
        )}
        {!owner && <ActionButton label="保存" look="primary" why={!name.trim() ? '请填写角色名称' : !changed && '没有改动'} run={save} refresh={['/api/roles', '/api/members', '/api/me']} after={onSaved} />}
      </div>
      <div>
        {grouped(permissions).map(([group, some]) => (
          <Group key={group} title={group} some={some} held={owner ? some.map((p) => p.key) : held.filter((k) => some.some((p) => p.key === k))} locked={owner} change={(on) => flip(some, on)} />
        ))}
      </div>
    </div>
  );
}

interface GroupProps {
  title: string;
  some: readonly Permission[];
  held: readonly string[];
  locked: boolean;
  change: (on: readonly string[]) => void;
}

function Group({ title, some, held, locked, change }: GroupProps) {
  const all = held.length === some.length;
  return (
    <div className="roles-group">
      <Checkbox checked={all} indeterminate={held.length > 0 && !all} disabled={locked} onChange={(e) => change(e.target.checked ? some.map((p) => p.key) : [])}><strong>{title}</strong></Checkbox>
      <Checkbox.Group disabled={locked} value={[...held]} options={some.map((p) => ({ value: p.key, label: p.label }))} onChange={(on) => change(on.map(String))} />
    </div>
  );
}
