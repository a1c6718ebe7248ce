import { Button, InputNumber, Skeleton, Switch } from 'antd';
import { useState } from 'react';
import type { components } from '@api/schema';
import { put } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Failed, Note, Panel } from '@kit/index';
import { boundsText, defaultText, groupsOf, shown, stored } from './values';

type Setting = components['schemas']['SettingOut'];
type Value = number | boolean;

interface LineProps {
  setting: Setting;
  value: Value;
  locked: boolean;
  change: (value: Value) => void;
}

function Line({ setting, value, locked, change }: LineProps) {
  const money = setting.unit === '分';
  return (
    <label className="settings-line">
      <span>{setting.label}</span>
      {typeof value === 'boolean'
        ? <span><Switch checked={value} disabled={locked} onChange={change} /></span>
        : (
          <InputNumber
            value={shown(value, setting.unit)}
            min={shown(setting.low, setting.unit)}
            max={shown(setting.high, setting.unit)}
            precision={money ? 2 : 0}
            disabled={locked}
            {...(money ? { prefix: '¥' } : { suffix: setting.unit })}
            onChange={(typed) => typed !== null && change(stored(typed, setting.unit))}
          />
        )}
      <span className="k-faint k-small">{value !== setting.default && <>默认 {defaultText(setting)} · </>}{typeof value === 'number' && boundsText(setting)}</span>
    </label>
  );
}

/** What the company has decided, in words with units; unsaved changes wait at the bottom. */
export function CompanySettings() {
  const { data, error, refetch } = useApi<Setting[]>('/api/settings');
  const may = useMay('settings.edit');
  const [draft, setDraft] = useState<Readonly<Record<string, Value>>>({});
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton active paragraph={{ rows: 10 }} />;
  const changed = data.filter((s) => s.key in draft && draft[s.key] !== s.value);
  const save = () => put<ActionAnswer>('/api/settings', Object.fromEntries(changed.map((s) => [s.key, draft[s.key]])));
  return (
    <div className="k-stack">
      {!may && <Note title="只能看" text="您的角色不能改公司设置。要改请找店主。" />}
      {groupsOf(data).map(([group, some]) => (
        <Panel key={group} title={group}>
          {some.map((s) => (
            <Line key={s.key} setting={s} locked={!may} value={(draft[s.key] ?? s.value) as Value} change={(value) => setDraft({ ...draft, [s.key]: value })} />
          ))}
        </Panel>
      ))}
      {changed.length > 0 && (
        <div className="settings-save">
          <span className="k-grow">改了 <b>{changed.length}</b> 项，还没有保存。</span>
          <Button onClick={() => setDraft({})}>不改了</Button>
          <ActionButton label="保存设置" look="primary" run={save} refresh={['/api/settings']} after={() => setDraft({})} />
        </div>
      )}
    </div>
  );
}
