import { Spin } from 'antd';

/** Shown while a screen's code is on its way. */
export function Waiting() {
  return <div className="k-waiting"><Spin /></div>;
}
