import { Alert, Button, Modal } from 'antd';
import { useState } from 'react';
import type { components } from '@api/schema';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import { ActionButton, Copyable, EmptyTeach, Failed, Panel, StateTag, Time, useNow } from '@kit/index';
import { TokenForm } from './token-form';

type Token = components['schemas']['TokenOut'];
type NewToken = components['schemas']['NewToken'];

function state(token: Token, now: number): { tone: 'doing' | 'off' | 'warn'; label: string } {
  if (token.revoked_at) return { tone: 'off', label: '已停用' };
  if (token.expires_at && Date.parse(token.expires_at) < now) return { tone: 'off', label: '已到期' };
  const days = token.expires_at ? Math.ceil((Date.parse(token.expires_at) - now) / 86_400_000) : null;
  return days !== null && days <= 7 ? { tone: 'warn', label: `${days} 天后到期` } : { tone: 'doing', label: '在用' };
}

function Row({ token }: { token: Token }) {
  const { tone, label } = state(token, useNow());
  const revoke = (key: string) => post<Token>(`/api/tokens/${token.id}/revoke`, {}, { key }).then(() => ({ message: `令牌“${token.name}”已停用` }));
  return (
    <div className="settings-session">
      <div className="k-grow k-cell">
        <span>{token.name} <span className="k-faint k-digits">daifa_{token.prefix}_…</span>{!token.mine && <span className="k-faint">（{token.owner} 的）</span>}</span>
        <span className="k-faint k-small">{token.scopes.length} 项权限 · 最近使用 <Time at={token.last_used_at} relative /> · 到期 <Time at={token.expires_at} /></span>
      </div>
      <StateTag tone={tone} label={label} />
      {tone !== 'off' && <ActionButton label="停用" look="danger" confirm={`用“${token.name}”的程序会立即连不上，不能撤销。`} run={revoke} refresh={['/api/tokens']} />}
    </div>
  );
}

/** Keys for programs; the text is shown once. */
export function Tokens() {
  const { data, error, refetch } = useApi<Token[]>('/api/tokens');
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  return (
    <Panel title="接口令牌" extra={<Button type="primary" onClick={() => setAdding(true)}>新建令牌</Button>}>
      <p className="k-faint k-gap">给自己的程序用。令牌能做的事不会比它的主人多，主人停用时一起失效。</p>
      <p className="k-faint k-gap"><b>给技术人员</b>　请求头里带 <code>Authorization: Bearer 令牌</code>；接口文档（OpenAPI）在 <a href="/api/openapi.json" target="_blank" rel="noreferrer">/api/openapi.json</a>。</p>
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data?.length === 0 && <EmptyTeach title="还没有令牌" steps={['点“新建令牌”', '选它能做什么、多久到期', '把令牌抄进您的程序']} />}
      {data?.map((t) => <Row key={t.id} token={t} />)}
      {adding && <TokenForm onMade={setMade} onClose={() => setAdding(false)} />}
      {made && (
        <Modal open title={`令牌“${made.view.name}”`} mask={{ closable: false }} onCancel={() => setMade(null)} footer={<Button type="primary" onClick={() => setMade(null)}>我抄好了</Button>}>
          <div className="k-stack">
            <Alert type="warning" showIcon title="只显示这一次，关掉后再也看不到。" />
            <span className="settings-secret"><Copyable text={made.token} /></span>
          </div>
        </Modal>
      )}
    </Panel>
  );
}
