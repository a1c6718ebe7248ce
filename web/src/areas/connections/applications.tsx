import { Button } from 'antd';
import { Copyable, StateTag } from '@kit/index';
import type { Application, Card } from './types';
import { pushAddress } from './words';

function Push({ card, app }: { card: Card; app: Application }) {
  const url = pushAddress(window.location.origin, card, app);
  return (
    <div className="c-push">
      <span className="k-faint">消息接收地址</span>
      <Copyable text={url} />
    </div>
  );
}

/** The applications of one company, with the address to enter at the platform. */
export function Applications({ card, apps, onEdit }: { card: Card; apps: readonly Application[]; onEdit: ((app: Application) => void) | null }) {
  if (apps.length === 0) return null;
  const pushes = card.capabilities.includes('push');
  return (
    <div className="c-apps">
      {apps.map((a) => (
        <div key={a.id} className="c-app">
          <span className="c-app-key"><span className="k-faint">应用 </span>{a.label && <b>{a.label} </b>}<Copyable text={a.app_key} /></span>
          {pushes && <Push card={card} app={a} />}
          <span className="c-app-end">
            {!a.active && <StateTag tone="off" label="已停用" />}
            {a.origin === 'installation'
              ? <span className="k-faint k-small">由管理员在服务器上配置</span>
              : onEdit && <Button type="link" size="small" onClick={() => onEdit(a)}>修改</Button>}
          </span>
        </div>
      ))}
      {pushes && <p className="k-faint k-small">在开放平台后台的“消息推送”里填消息接收地址，有新单立刻知道；不填也行，每分钟读一次。</p>}
    </div>
  );
}
