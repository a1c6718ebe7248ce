import { Button, Result } from 'antd';
import { sentence } from '@api/errors';

/** A list or a part of a screen that could not be read: why, and once more. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return <Result status="warning" title="没有读到" subTitle={sentence(error)} extra={<Button type="primary" ghost onClick={retry}>再读一次</Button>} />;
}
