import { DownloadOutlined } from '@ant-design/icons';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton } from './action-button';

/** Takes a list home that is no table on its screen: all of its columns, as a task. */
export function ExportButton({ list, label }: { list: string; label: string }) {
  if (!useMay('orders.export')) return null;
  return <ActionButton label={label} icon={<DownloadOutlined />} run={(key) => post<ActionAnswer>(`/api/lists/${list}/export`, {}, { key })} refresh={['/api/tasks']} />;
}
