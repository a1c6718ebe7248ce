import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { saveRows } from '@api/files';
import type { LeftOrder } from '@api/shapes';
import { leftRows } from './by-reason';
import { DownloadButton } from './download-button';
import { count } from './format';
import { LeftOrders } from './left-orders';

export interface ResultPageProps {
  title: string;
  succeeded: number;
  failed: number;
  /** What both numbers count, where that is not the same. */
  units?: { succeeded: string; failed: string };
  /** Where the rows with their 失败原因 are downloaded. */
  failuresPath?: string | null;
  /** Whether people may be in that file. */
  failuresAsk?: boolean;
  /** Orders that were left, and why: by reason, and to take home. */
  left?: readonly LeftOrder[];
  /** Numbers that open their list. */
  facts?: readonly { label: string; value: number; to?: string }[];
  /** The next station of the day: the only primary button. */
  next?: { label: string; to: string };
  /** What may be done as well. */
  also?: { label: string; to: string };
  children?: ReactNode;
}

/** How a batch ended: 成功 x / 失败 y, the failures to take home, and what comes next. */
export function ResultPage({ title, succeeded, failed, units, failuresPath, failuresAsk = false, left = [], facts = [], next, also, children }: ResultPageProps) {
  return (
    <div className="k-result">
      <h2>{title}</h2>
      <p className="k-result-sum">
        <span>成功 <b>{count(succeeded)}</b>{units && ` ${units.succeeded}`}</span>
        <span className={failed > 0 ? 'k-amber' : 'k-faint'}>失败 <b>{count(failed)}</b>{units && ` ${units.failed}`}</span>
      </p>
      {facts.length > 0 && (
        <div className="k-result-facts">
          {facts.map((fact) => {
            const body = <><b>{count(fact.value)}</b>{fact.label}</>;
            return fact.to ? <Link key={fact.label} to={fact.to}>{body}</Link> : <span key={fact.label}>{body}</span>;
          })}
        </div>
      )}
      {left.length > 0 && <LeftOrders left={left} />}
      {children}
      <div className="k-row">
        {next && <Link to={next.to}><Button type="primary">{next.label} →</Button></Link>}
        {also && <Link to={also.to}><Button>{also.label}</Button></Link>}
        {failed > 0 && failuresPath && <DownloadButton path={failuresPath} asks={failuresAsk} label="下载失败原因" />}
        {left.length > 0 && <Button icon={<DownloadOutlined />} onClick={() => saveRows('失败原因.csv', leftRows(left))}>下载失败原因</Button>}
      </div>
    </div>
  );
}
