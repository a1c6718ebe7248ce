import { Button, Drawer, Form, Input } from 'antd';
import { useState } from 'react';
import type { components } from '@api/schema';
import { post } from '@api/http';
import { refresh, useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { Copyable, FormDrawer, Panel, StateTag, useTellError } from '@kit/index';
import { RecoveryCodes } from './recovery-codes';

type Security = components['schemas']['Security'];
type Enrolment = components['schemas']['Enrolment'];
type Codes = components['schemas']['Codes'];
type Asked = 'on' | 'off' | 'renew';

const ASK: Record<Asked, { title: string; verb: string; text: string }> = {
  on: { title: '开启动态码', verb: '下一步', text: '先输入当前密码，确认是您本人。' },
  off: { title: '关闭动态码', verb: '关闭', text: '关闭后，登录只需要密码。' },
  renew: { title: '换一组备用码', verb: '生成', text: '旧的备用码会全部作废。' },
};

/** One-time codes from a phone: off, being set up, or on with recovery codes. */
export function SecondFactor() {
  const { data } = useApi<Security>('/api/me/security');
  const [asked, ask] = useState<Asked | null>(null);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const proved = async (password: string, key: string): Promise<ActionAnswer | void> => {
    if (asked === 'on') return void setEnrolment(await post<Enrolment>('/api/me/totp', { old: password }, { key }));
    if (asked === 'off') return post<ActionAnswer>('/api/me/totp/off', { old: password }, { key });
    setCodes((await post<Codes>('/api/me/recovery-codes', { old: password }, { key })).codes);
  };
  return (
    <Panel
      title="登录动态码"
      extra={data && (data.totp ? <Button onClick={() => ask('off')}>关闭</Button> : <Button type="primary" onClick={() => ask('on')}>开启</Button>)}
    >
      {data?.totp ? (
        <div className="k-row">
          <StateTag tone="done" label="已开启" />
          <span className={data.recovery_left < 3 ? 'k-amber' : 'k-faint'}>还有 {data.recovery_left} 个备用码没用过</span>
          <Button type="link" size="small" onClick={() => ask('renew')}>换一组备用码</Button>
        </div>
      ) : (
        <p className="k-faint">开启后，登录时除了密码还要输入手机验证器里的 6 位数字；密码被人知道了也进不来。</p>
      )}
      {asked && (
        <FormDrawer<{ old: string }> title={ASK[asked].title} verb={ASK[asked].verb} width={400} save={(v, key) => proved(v.old, key)} refresh={['/api/me/security']} onClose={() => ask(null)}>
          <p className="k-faint k-gap">{ASK[asked].text}</p>
          <Form.Item label="当前密码" name="old" rules={[{ required: true, message: '请输入当前密码' }]}><Input.Password autoFocus autoComplete="current-password" /></Form.Item>
        </FormDrawer>
      )}
      {enrolment && <Enrol enrolment={enrolment} onClose={() => setEnrolment(null)} onDone={(made) => { setEnrolment(null); setCodes(made); }} />}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
    </Panel>
  );
}

function Enrol({ enrolment, onClose, onDone }: { enrolment: Enrolment; onClose: () => void; onDone: (codes: readonly string[]) => void }) {
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const tell = useTellError();
  const confirm = () => {
    setBusy(true);
    post<Codes>('/api/me/totp/confirm', { code })
      .then(async (answer) => {
        await refresh('/api/me/security');
        onDone(answer.codes);
      })
      .catch(tell)
      .finally(() => setBusy(false));
  };
  return (
    <Drawer open title="开启动态码" size="min(440px, 100vw)" onClose={onClose} rootClassName="k-drawer">
      <div className="k-stack">
        <p>① 用手机上的验证器扫这个码（微信里的“腾讯身份验证器”、Google Authenticator、1Password 都可以）。</p>
        <img className="settings-qr" src={enrolment.qr} alt="动态码的二维码" />
        <p className="k-faint">扫不了时，在验证器里手工输入密钥：</p>
        <span className="settings-secret"><Copyable text={enrolment.secret} /></span>
        <p>② 输入验证器现在显示的 6 位数字：</p>
        <Input.Search value={code} maxLength={6} inputMode="numeric" autoComplete="one-time-code" enterButton="确认开启" loading={busy} onChange={(e) => setCode(e.target.value.replace(/\D/g, ''))} onSearch={() => code.length === 6 && confirm()} />
      </div>
    </Drawer>
  );
}
