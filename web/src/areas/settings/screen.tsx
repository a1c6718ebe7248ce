import { Tabs } from 'antd';
import { useSearchParams } from 'react-router';
import { Page } from '@kit/index';
import { Account } from './account';
import { CompanySettings } from './company';
import './screen.css';
import { Tokens } from './tokens';

export default function Settings() {
  const [params, setParams] = useSearchParams();
  return (
    <Page title="设置">
      <Tabs
        className="settings-tabs"
        activeKey={params.get('tab') ?? 'company'}
        onChange={(tab) => setParams({ tab })}
        destroyOnHidden
        items={[
          { key: 'company', label: '公司', children: <CompanySettings /> },
          { key: 'account', label: '我的账号', children: <Account /> },
          { key: 'tokens', label: '接口令牌', children: <Tokens /> },
        ]}
      />
    </Page>
  );
}
