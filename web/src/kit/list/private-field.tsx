import { LockOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useTellError } from '../act';
import type { FilterField } from './types';

interface Props {
  field: Extract<FilterField, { kind: 'private' }>;
  token: string;
  change: (token: string) => void;
}

/** Search by name or phone. What is typed never stands in an address or a log: the server turns it into a keyed hash. */
export function PrivateField({ field, token, change }: Props) {
  const [text, setText] = useState('');
  const tell = useTellError();
  const search = () => {
    if (!text.trim()) return change('');
    post<{ token: string }>(field.path, { text: text.trim() })
      .then((answer) => change(answer.token))
      .catch(tell);
  };
  return (
    <Input
      className="k-field"
      prefix={<span className="k-faint">{field.label}</span>}
      suffix={<LockOutlined className="k-faint" title="按加密索引查，不留明文" />}
      placeholder={token ? '已按所填查询' : (field.hint ?? '姓名、手机号或后四位')}
      allowClear
      autoComplete="off"
      value={text}
      onChange={(e) => setText(e.target.value)}
      onPressEnter={search}
      onClear={() => change('')}
    />
  );
}
