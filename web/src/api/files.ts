import { errorFrom, offline } from './errors';
import { address, csrfToken, guardedFetch, newKey, type Query } from './http';

/** The name a download should have, from Content-Disposition (RFC 5987 first). */
export function fileName(disposition: string | null, fallback: string): string {
  const star = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(disposition ?? '');
  if (star?.[1]) return decodeURIComponent(star[1]);
  const plain = /filename="?([^";]+)"?/.exec(disposition ?? '');
  return plain?.[1] ?? fallback;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Rows that are on screen as a sheet (CSV that spreadsheets read as UTF-8). */
export function saveRows(name: string, rows: readonly (readonly string[])[]): void {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const body = rows.map((row) => row.map(cell).join(',')).join('\r\n');
  save(new Blob([`\uFEFF${body}\r\n`], { type: 'text/csv;charset=utf-8' }), name);
}

/** Download by GET, or by POST when there is a body; refusals are thrown like any other. */
export async function download(path: string, options: { query?: Query; body?: unknown; name?: string } = {}): Promise<void> {
  const withBody = options.body !== undefined;
  const answer = await guardedFetch(
    new Request(address(path, options.query), {
      method: withBody ? 'POST' : 'GET',
      ...(withBody && { body: JSON.stringify(options.body), headers: { 'Content-Type': 'application/json' } }),
    }),
  );
  save(await answer.blob(), fileName(answer.headers.get('Content-Disposition'), options.name ?? '下载'));
}

export interface UploadOptions {
  fields?: Readonly<Record<string, string>>;
  /** Form field of the files. */
  field?: string;
  key?: string;
  onProgress?: (share: number) => void;
}

/** Send files as one multipart POST and tell how far it is (0–1). */
export function upload<T>(path: string, files: readonly File[], options: UploadOptions = {}): Promise<T> {
  const form = new FormData();
  for (const file of files) form.append(options.field ?? 'files', file, file.name);
  for (const [name, value] of Object.entries(options.fields ?? {})) form.append(name, value);
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.responseType = 'json';
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.setRequestHeader('Idempotency-Key', options.key ?? newKey());
    request.upload.onprogress = (e) => options.onProgress?.(e.total ? e.loaded / e.total : 0);
    request.onerror = () => reject(offline());
    request.onload = () => {
      if (request.status < 300) resolve(request.response as T);
      else reject(errorFrom(request.status, request.response as unknown));
    };
    request.send(form);
  });
}

