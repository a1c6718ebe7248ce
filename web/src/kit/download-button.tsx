import { DownloadOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { download } from '@api/files';
import { useTellError } from './act';
import { AskReason } from './ask-reason';

export interface DownloadButtonProps {
  path: string;
  label: string;
  /** Recipients may be in it: it comes with a reason only. */
  asks?: boolean;
  look?: 'link' | 'default';
  hint?: string;
}

/** A file to take home; where people may be in it, the reason is asked first. */
export function DownloadButton({ path, label, asks = false, look = 'default', hint }: DownloadButtonProps) {
  const tell = useTellError();
  const take = (reason?: string) => download(path, { query: { reason } });
  const size = look === 'link' ? 'small' : undefined;
  const button = (
    <Button type={look} {...(size && { size })} icon={<DownloadOutlined />} {...(!asks && { onClick: () => void take().catch(tell) })}>{label}</Button>
  );
  if (asks) return <AskReason verb="下载" give={take}>{button}</AskReason>;
  return hint ? <Tooltip title={hint}>{button}</Tooltip> : button;
}
