import { Alert, Button, Form, Input, InputNumber } from 'antd';
import { Fragment } from 'react';
import { post, put } from '@api/http';
import { FormDrawer, PlatformBadge } from '@kit/index';
import { REFRESH, type Application, type Card } from './types';
import { applicationBody, knownAs, type ApplicationValues } from './words';

export interface ApplicationFormProps {
  card: Card;
  /** Those that are there already. */
  apps: readonly Application[];
  app?: Application;
  /** Change one that is there instead. */
  onEdit: (app: Application) => void;
  onClose: () => void;
}

/** Said while typing a key that is there already, with the way to change it. */
function Known({ apps, onEdit }: { apps: readonly Application[]; onEdit: (app: Application) => void }) {
  const app = knownAs(Form.useWatch<string | undefined>(['fields', 'app_key']), apps);
  if (!app) return null;
  const own = app.origin !== 'installation';
  return (
    <Alert
      type="warning"
      showIcon
      className="k-gap"
      title={`这个 App Key 已经有了，是应用“${app.label || app.app_key}”${own ? '' : '，由系统管理员在服务器上配置，不用再填'}`}
      {...(own && { action: <Button size="small" onClick={() => onEdit(app)}>去修改它</Button> })}
    />
  );
}

/** An application: what its platform's card asks for. Secrets are never shown back; those left empty stay as they are. */
export function ApplicationForm({ card, apps, app, onEdit, onClose }: ApplicationFormProps) {
  const save = async (values: ApplicationValues, key: string) => {
    const { app_key, what } = applicationBody(values);
    if (app) await put(`/api/applications/${app.id}`, { ...what, version: app.version }, { key });
    else await post('/api/applications', { ...what, platform: card.key, app_key }, { key });
  };
  // An address that has no usual value is asked for; the others are changed seldom.
  const [asked, usual] = [card.addresses.filter((a) => !a.default), card.addresses.filter((a) => a.default)];
  return (
    <FormDrawer<ApplicationValues>
      title={app ? `修改应用 ${app.label || app.app_key}` : `新增${card.name}应用`}
      verb="保存"
      initial={{ label: app?.label ?? '', fields: { app_key: app?.app_key ?? '' }, urls: app?.urls ?? {}, rate: app?.calls_per_second ?? null }}
      save={save}
      done="已保存"
      refresh={REFRESH}
      width={560}
      onClose={onClose}
    >
      <div className="k-row k-gap"><PlatformBadge platform={card.key} shop={card.name} />{card.links.map((l) => <a key={l.url} href={l.url} target="_blank" rel="noreferrer">{l.label} ↗</a>)}</div>
      {card.fields.map((f) => (
        <Fragment key={f.key}>
          <Form.Item
            label={f.label}
            name={['fields', f.key]}
            extra={f.secret && app ? '密钥不回显；不填就沿用现在的' : f.help || undefined}
            rules={(f.secret && !app) || f.key === 'app_key' ? [{ required: true, whitespace: true, message: `请填${f.label}` }] : []}
          >
            {f.secret ? <Input.Password autoComplete="new-password" /> : <Input autoComplete="off" disabled={f.key === 'app_key' && app !== undefined} />}
          </Form.Item>
          {f.key === 'app_key' && !app && <Known apps={apps} onEdit={onEdit} />}
        </Fragment>
      ))}
      {asked.map((a) => (
        <Form.Item key={a.key} label={a.label} name={['urls', a.key]} extra="对方给的，https:// 开头" rules={[{ required: true, type: 'url', message: `请填${a.label}，https:// 开头` }]}>
          <Input placeholder="https://" spellCheck={false} />
        </Form.Item>
      ))}
      <Form.Item label="叫它什么" name="label" extra="有几个应用时好区分"><Input maxLength={40} placeholder="可不填" /></Form.Item>
      <Form.Item
        label="每秒最多调用"
        name="rate"
        extra={card.calls_per_second === null ? undefined : `不填按起始值 ${card.calls_per_second} 次；平台给您的额度更高或更低时填在这里，所有任务一起遵守`}
      >
        <InputNumber min={1} max={1000} precision={0} suffix="次" placeholder={card.calls_per_second === null ? '不限' : String(card.calls_per_second)} />
      </Form.Item>
      {usual.length > 0 && (
        <details className="c-more" open={Object.keys(app?.urls ?? {}).length > 0}>
          <summary>接口地址（走代理或在平台云里时才改）</summary>
          {usual.map((a) => <Form.Item key={a.key} label={a.label} name={['urls', a.key]}><Input placeholder={a.default} spellCheck={false} /></Form.Item>)}
        </details>
      )}
    </FormDrawer>
  );
}
