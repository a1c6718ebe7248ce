import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { DownloadButton } from './download-button';
import { count } from './format';

export interface ResultPageProps {
  title: string;
  succeeded: number;
  failed: number;
  /** Where the rows with their 失败原因 are downloaded. */
  failuresPath?: string | null;
  /** Whether people may be in that file. */
  failuresAsk?: boolean;
  /** Numbers that open their list. */
  facts?: readonly { label: string; value: number; to?: string }[];
  /** The next station of the day: the only primary button. */
  next?: { label: string; to: string };
  children?: ReactNode;
}

/** How a batch ended: 成功 x / 失败 y, the failures to take home, and what comes next. */
export function ResultPage({ title, succeeded, failed, failuresPath, failuresAsk = false, facts = [], next, children }: ResultPageProps) {
  return (
    <div className="k-result">
      <h2>{title}</h2>
      <p className="k-result-sum">
        <span>成功 <b>{count(succeeded)}</b></span>
        <span className={failed > 0 ? 'k-amber' : 'k-faint'}>失败 <b>{count(failed)}</b></span>
      </p>
      {facts.length > 0 && (
        <div className="k-result-facts">
          {facts.map((fact) => {
            const body = <><b>{count(fact.value)}</b>{fact.label}</>;
            return fact.to ? <Link key={fact.label} to={fact.to}>{body}</Link> : <span key={fact.label}>{body}</span>;
          })}
        </div>
      )}
      {children}
      <div className="k-row">
        {next && <Link to={next.to}><Button type="primary">{next.label} →</Button></Link>}
        {failed > 0 && failuresPath && <DownloadButton path={failuresPath} asks={failuresAsk} label="下载失败原因" />}
      </div>
    </div>
  );
}
