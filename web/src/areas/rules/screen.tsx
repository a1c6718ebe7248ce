import { PlusOutlined } from '@ant-design/icons';
import { Button, Tabs } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi, useMay } from '@api/queries';
import { Failed, Page } from '@kit/index';
import { Blocklist } from './blocklist';
import { Deadlines } from './deadlines';
import { Exemptions } from './exemptions';
import { Rates } from './rates';
import { RuleForm } from './rule-form';
import { RuleList } from './rule-list';
import './rules.css';
import type { Rule } from './shapes';

const VERBS: Readonly<Record<string, string>> = { rules: '新规则', exemptions: '新增时段', rates: '新费率', blocklist: '拉黑' };

export default function Rules() {
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') ?? 'rules';
  const rules = useApi<Rule[]>('/api/rules');
  const mayRules = useMay('rules.edit');
  const mayRates = useMay('finance.edit');
  const seesRates = useMay('finance.view');
  const [editing, edit] = useState<Rule | null>(null);
  const [adding, setAdding] = useState(false);
  const found = rules.data ?? [];
  const verb = (tab === 'rates' ? mayRates : mayRules) ? VERBS[tab] : undefined;
  const close = () => {
    edit(null);
    setAdding(false);
  };
  const list = rules.error ? <Failed error={rules.error} retry={() => void rules.refetch()} /> : <RuleList rules={found} loading={rules.isPending} edit={edit} />;
  return (
    <Page
      title="规则"
      answer={rules.data && <><b>{found.filter((r) => r.enabled).length}</b> 条规则在用，共 {found.length} 条；从上到下依次看</>}
      actions={verb && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{verb}</Button>}
      fill
    >
      <Tabs
        className="rules-tabs"
        activeKey={tab}
        destroyOnHidden
        onChange={(key) => {
          close();
          setParams(key === 'rules' ? {} : { tab: key });
        }}
        items={[
          { key: 'rules', label: `规则 ${found.length || ''}`, children: list },
          { key: 'deadlines', label: '平台时效', children: <Deadlines /> },
          { key: 'exemptions', label: '不计超时的时段', children: <Exemptions adding={adding} onAdded={() => setAdding(false)} /> },
          ...(seesRates ? [{ key: 'rates', label: '费率', children: <Rates adding={adding} onAdded={() => setAdding(false)} /> }] : []),
          ...(mayRules ? [{ key: 'blocklist', label: '黑名单', children: <Blocklist adding={adding} onAdded={() => setAdding(false)} /> }] : []),
        ]}
      />
      {tab === 'rules' && (adding || editing) && <RuleForm key={editing?.id ?? 'new'} rule={editing} onClose={close} />}
    </Page>
  );
}
