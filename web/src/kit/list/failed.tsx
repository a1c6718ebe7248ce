import { WarningOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { sentence } from '@api/errors';

/** A calm note in the middle: what is wrong, what to do. */
export function Note({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="k-note" role="alert">
      <WarningOutlined />
      <strong>{title}</strong>
      <p>{text}</p>
      <div className="k-row">{children}</div>
    </div>
  );
}

/** A list or a part of a screen that could not be read: why, and once more. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return <Note title="没有读到" text={sentence(error)}><Button onClick={retry}>再读一次</Button></Note>;
}
