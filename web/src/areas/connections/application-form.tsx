import { Form, Input, InputNumber } from 'antd';
import { post } from '@api/http';
import { FormDrawer, PlatformBadge } from '@kit/index';
import { REFRESH, type Application, type Card } from './types';
import { applicationBody, type ApplicationValues } from './words';

/** An application: what its platform's card asks for. Secrets are never shown back; those left empty stay as they are. */
export function ApplicationForm({ card, app, onClose }: { card: Card; app?: Application; onClose: () => void }) {
  const save = async (values: ApplicationValues, key: string) => {
    await post('/api/applications', applicationBody(card.key, values, app?.app_key), { key });
  };
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
        <Form.Item
          key={f.key}
          label={f.label}
          name={['fields', f.key]}
          extra={f.secret && app ? '密钥不回显；不填就沿用现在的' : f.help || undefined}
          rules={(f.secret && !app) || f.key === 'app_key' ? [{ required: true, whitespace: true, message: `请填${f.label}` }] : []}
        >
          {f.secret ? <Input.Password autoComplete="new-password" /> : <Input autoComplete="off" disabled={f.key === 'app_key' && app !== undefined} />}
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
      {card.addresses.length > 0 && (
        <details className="c-more" open={Object.keys(app?.urls ?? {}).length > 0}>
          <summary>接口地址（走代理或在平台云里时才改）</summary>
          {card.addresses.map((a) => <Form.Item key={a.key} label={a.label} name={['urls', a.key]}><Input placeholder={a.default} spellCheck={false} /></Form.Item>)}
        </details>
      )}
    </FormDrawer>
  );
}
