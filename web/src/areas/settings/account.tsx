import { Button } from 'antd';
import { useState } from 'react';
import type { components } from '@api/schema';
import { post } from '@api/http';
import { useApi, useMe } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Facts, Failed, Panel, StateTag, Time } from '@kit/index';
import { PasswordForm } from './password-form';
import { SecondFactor } from './second-factor';

type Session = components['schemas']['SessionOut'];

function Sessions() {
  const { data, error, refetch } = useApi<Session[]>('/api/me/sessions');
  const others = (data ?? []).filter((s) => !s.here).length;
  const endOthers = (key: string) => post<ActionAnswer>('/api/me/sessions/end-others', {}, { key });
  return (
    <Panel
      title="登录的设备"
      extra={others > 0 && <ActionButton label={`退出其他 ${others} 处`} run={endOthers} refresh={['/api/me/sessions']} />}
    >
      {error && <Failed error={error} retry={() => void refetch()} />}
      {(data ?? []).map((s) => (
        <div key={s.id} className="settings-session">
          <div className="k-grow k-cell">
            <span title={s.agent}>{s.device}{s.here && <span className="k-accent">（本机）</span>}</span>
            <span className="k-faint k-small">地址 {s.address || '未知'} · <Time at={s.started_at} /> 登录 · 最近使用 <Time at={s.seen_at} relative /></span>
          </div>
          {!s.here && <ActionButton label="退出" run={(key) => post<ActionAnswer>(`/api/me/sessions/${s.id}/end`, {}, { key })} refresh={['/api/me/sessions']} />}
        </div>
      ))}
    </Panel>
  );
}

/** My password, my second factor, my browsers. */
export function Account() {
  const me = useMe().data;
  const [changing, setChanging] = useState(false);
  return (
    <div className="k-columns-2">
      <div className="k-stack">
        <Panel title="账号" extra={<Button onClick={() => setChanging(true)}>修改密码</Button>}>
          <Facts items={[
            { label: '登录名', value: me?.login ?? '—' },
            { label: '姓名', value: me?.name || '—' },
            { label: '公司', value: me?.company?.name ?? '—' },
            { label: '权限', value: me?.permissions.includes('*') ? <StateTag tone="done" label="全部" /> : `${me?.permissions.length ?? 0} 项` },
          ]} />
        </Panel>
        <SecondFactor />
      </div>
      <Sessions />
      {changing && <PasswordForm onClose={() => setChanging(false)} />}
    </div>
  );
}
