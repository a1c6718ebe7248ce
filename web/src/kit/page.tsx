import type { ReactNode } from 'react';

export interface PageProps {
  title: string;
  /** One sentence: the screen's answer, e.g. “其余 163 单无异常，已可派单”. */
  answer?: ReactNode;
  /** At most one primary button. */
  actions?: ReactNode;
  /** The content fills the window and scrolls inside itself. */
  fill?: boolean;
  children: ReactNode;
}

/** A screen: its name, its answer, its actions, its content. */
export function Page({ title, answer, actions, fill = false, children }: PageProps) {
  return (
    <section className={fill ? 'k-page k-page-fill' : 'k-page'}>
      <header className="k-page-head">
        <h1>{title}</h1>
        <div className="k-page-answer">{answer}</div>
        {actions && <div className="k-row">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** A white box with an optional title line. */
export function Panel({ title, extra, children, flush = false }: { title?: ReactNode; extra?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <div className={flush ? 'k-panel k-flush' : 'k-panel'}>
      {(title || extra) && (
        <div className="k-panel-head">
          <h2>{title}</h2>
          {extra}
        </div>
      )}
      {children}
    </div>
  );
}

/** Name and value pairs in aligned columns. */
export function Facts({ items }: { items: readonly { label: string; value: ReactNode; wide?: boolean }[] }) {
  return (
    <dl className="k-facts">
      {items.map((item) => (
        <div key={item.label} className={item.wide ? 'k-wide' : undefined}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
