import { Drawer, Input } from 'antd';
import { useState } from 'react';
import { put } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { useAct } from '@kit/index';

type Name = components['schemas']['CourierNameOut'];

function Row({ platform, name }: { platform: string; name: Name }) {
  const [text, setText] = useState(name.own);
  const { act } = useAct();
  const save = () => {
    if (text.trim() === name.own) return;
    void act((key) => put<ActionAnswer>('/api/upload/couriers', { platform, courier: name.courier, name: text }, { key }));
  };
  return (
    <tr>
      <td>{name.name}</td>
      <td className={name.built_in ? 'k-faint' : 'k-amber'}>{name.built_in || '没有'}</td>
      <td><Input value={text} placeholder="用内置的" onChange={(e) => setText(e.target.value)} onBlur={save} onPressEnter={save} /></td>
    </tr>
  );
}

/** How one platform calls the couriers in its file; a merchant's own word goes before the built-in one. */
export function CourierTable({ platform, onClose }: { platform: string; onClose: () => void }) {
  const { data } = useApi<Name[]>('/api/upload/couriers', { platform });
  const [text, setText] = useState('');
  const shown = (data ?? []).filter((n) => n.name.includes(text) || n.courier.includes(text.toUpperCase()));
  return (
    <Drawer open title="快递名称对照" size={560} onClose={onClose}>
      <p className="k-faint k-gap">平台要求的写法和内置的不一样时，在右边填平台的写法（名称或编码），离开格子就保存。</p>
      <Input.Search placeholder="查找快递" value={text} onChange={(e) => setText(e.target.value)} allowClear />
      <table className="upload-couriers">
        <thead><tr><th>快递</th><th>内置写法</th><th>这个平台的写法</th></tr></thead>
        <tbody>{shown.map((n) => <Row key={`${n.courier}-${n.own}`} platform={platform} name={n} />)}</tbody>
      </table>
    </Drawer>
  );
}
