import { DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer } from '@kit/index';
import type { Home } from './connect';
import { REFRESH, type Application } from './types';

interface Values {
  application_id: string;
  access_token: string;
  refresh_token?: string;
  account: string;
  account_name?: string;
  expires_at?: Dayjs | null;
}

export interface TokenFormProps {
  name: string;
  home: Home;
  apps: readonly Application[];
  /** What is known from an earlier authorisation. */
  initial?: Partial<Values>;
  onClose: () => void;
}

/** A token got elsewhere, pasted by hand instead of a visit to the other company. */
export function TokenForm({ name, home, apps, initial, onClose }: TokenFormProps) {
  const save = ({ expires_at, ...values }: Values, key: string) =>
    post<ActionAnswer>('/api/connections/token', { ...values, ...home, expires_at: expires_at?.toISOString() ?? null }, { key });
  return (
    <FormDrawer<Values>
      title={`粘贴授权令牌：${name}`}
      verb="保存"
      initial={{ ...(apps[0] && { application_id: apps[0].id }), ...initial }}
      save={save}
      refresh={REFRESH}
      onClose={onClose}
    >
      <p className="k-faint k-gap">已经在平台后台或别的系统拿到授权令牌时用；保存后马上试读一次，结果显示在卡片上。授权令牌加密保存，不再显示。</p>
      {apps.length > 1 && <Form.Item label="应用" name="application_id"><Select options={apps.map((a) => ({ value: a.id, label: a.label ? `${a.label}（${a.app_key}）` : a.app_key }))} /></Form.Item>}
      {apps.length <= 1 && <Form.Item name="application_id" hidden><Input /></Form.Item>}
      <Form.Item label="授权令牌" name="access_token" extra="给技术人员：access_token" rules={[{ required: true, whitespace: true, message: '请粘贴授权令牌' }]}><Input.TextArea rows={2} autoComplete="off" spellCheck={false} autoFocus /></Form.Item>
      <Form.Item label="刷新令牌" name="refresh_token" extra="没有就不填；不填到期后要重新授权。给技术人员：refresh_token"><Input.TextArea rows={2} autoComplete="off" spellCheck={false} /></Form.Item>
      <Form.Item label="平台上的编号" name="account" extra="店铺 ID，或供应商平台的会员编号" rules={[{ required: true, whitespace: true, message: '请填平台上的编号' }]}><Input maxLength={80} /></Form.Item>
      <Form.Item label="平台上的名字" name="account_name"><Input maxLength={80} placeholder="可不填" /></Form.Item>
      <Form.Item label="到期时间" name="expires_at"><DatePicker showTime placeholder="不知道就不填" /></Form.Item>
    </FormDrawer>
  );
}
