import { Button, Dropdown, Tooltip } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useTellError } from '@kit/index';
import type { Application } from './types';

/** Whose account is to be authorised. */
export interface Home {
  shop_id?: string | null;
  supplier_id?: string | null;
}

export interface AuthorizeProps {
  label: string;
  home: Home;
  apps: readonly Application[];
  look?: 'primary' | 'default';
}

/** Goes to the other company's page, where the owner says yes; with several applications it asks which. */
export function Authorize({ label, home, apps, look = 'default' }: AuthorizeProps) {
  const [busy, setBusy] = useState(false);
  const tell = useTellError();
  const go = (app: Application) => {
    setBusy(true);
    post<{ url: string }>('/api/connections/authorize', { application_id: app.id, ...home })
      .then(({ url }) => window.location.assign(url))
      .catch((error: unknown) => { setBusy(false); tell(error); });
  };
  const [first] = apps;
  if (!first) return <Tooltip title="先新增应用"><Button size="small" disabled>{label}</Button></Tooltip>;
  if (apps.length === 1) return <Button size="small" type={look} loading={busy} onClick={() => go(first)}>{label}</Button>;
  const items = apps.map((a) => ({ key: a.id, label: `用 ${a.label || a.app_key}`, onClick: () => go(a) }));
  return <Dropdown trigger={['click']} menu={{ items }}><Button size="small" type={look} loading={busy}>{label} ▾</Button></Dropdown>;
}
