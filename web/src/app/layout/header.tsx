import { LogoutOutlined, QuestionCircleOutlined, SettingOutlined, SwapOutlined } from '@ant-design/icons';
import { Button, Dropdown, Tooltip } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { post } from '@api/http';
import { useMe } from '@api/queries';
import { useTellError } from '@kit/act';
import { useKeys } from '@kit/keys';
import { paths } from '@kit/paths';
import { TaskBar } from '@kit/tasks';
import { signOut } from '../session';
import { Bell } from './bell';
import { GlobalSearch } from './global-search';
import { Help } from './help';

function CompanySwitch() {
  const me = useMe().data;
  const tell = useTellError();
  if (!me?.company) return null;
  const others = me.companies.filter((c) => c.id !== me.company?.id);
  if (others.length === 0) return <strong className="k-company k-cut">{me.company.name}</strong>;
  const items = others.map((c) => ({
    key: String(c.id),
    label: c.name,
    onClick: () => void post('/api/switch-company', { company: c.id }).then(() => window.location.assign('/')).catch(tell),
  }));
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <button type="button" className="k-company"><span className="k-cut">{me.company.name}</span> <SwapOutlined /></button>
    </Dropdown>
  );
}

function Person() {
  const me = useMe().data;
  const go = useNavigate();
  if (!me) return null;
  const items = [
    { key: 'who', label: me.name || me.login, disabled: true },
    { key: 'account', icon: <SettingOutlined />, label: '账号与安全', onClick: () => void go(`${paths.settings}?tab=account`) },
    { key: 'out', icon: <LogoutOutlined />, label: '退出登录', onClick: () => void signOut() },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <button type="button" className="k-person" aria-label="我的账号">{me.name.slice(0, 1) || '我'}</button>
    </Dropdown>
  );
}

/** The line above every screen: company, search, running tasks, alarms, help, account. */
export function Header({ phone }: { phone: boolean }) {
  const [help, setHelp] = useState(false);
  useKeys([{ key: '?', label: '显示快捷键', run: () => setHelp((open) => !open) }]);
  return (
    <header className="k-header">
      <CompanySwitch />
      {!phone && <GlobalSearch />}
      <span className="k-grow" />
      <TaskBar />
      <Bell />
      {!phone && <Tooltip title="快捷键（?）"><Button type="text" icon={<QuestionCircleOutlined />} aria-label="快捷键" onClick={() => setHelp(true)} /></Tooltip>}
      <Person />
      <Help open={help} onClose={() => setHelp(false)} />
    </header>
  );
}
