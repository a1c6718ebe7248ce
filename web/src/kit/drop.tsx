import { InboxOutlined } from '@ant-design/icons';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

type Taker = (files: File[]) => void;

const takers: { take: Taker; label: string }[] = [];
let waiting: readonly File[] = [];
const watchers = new Set<() => void>();

function setWaiting(files: readonly File[]): void {
  waiting = files;
  watchers.forEach((tell) => tell());
}

/** Let files dropped anywhere go to this screen while it is open. */
export function useDropTaker(label: string, take: Taker): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const entry = { label, take: (files: File[]) => latest.current(files) };
    takers.push(entry);
    return () => void takers.splice(takers.indexOf(entry), 1);
  }, [label]);
}

/** Files dropped on a screen that takes none: they wait for the import screen. ``take`` hands them out once. */
export function useWaitingFiles(): { files: readonly File[]; take: () => File[] } {
  const files = useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => waiting,
  );
  return {
    files,
    take: () => {
      const taken = [...waiting];
      setWaiting([]);
      return taken;
    },
  };
}

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** The whole window as a place to drop files; without a taker on screen they go to the import screen. */
export function DropEverywhere({ onUntaken }: { onUntaken: () => void }) {
  const [label, setLabel] = useState<string | null>(null);
  const depth = useRef(0);
  useEffect(() => {
    const enter = (e: DragEvent) => {
      if (!carriesFiles(e)) return;
      depth.current += 1;
      setLabel(takers.at(-1)?.label ?? '松手，开始导入');
    };
    const leave = (e: DragEvent) => {
      if (!carriesFiles(e)) return;
      depth.current -= 1;
      if (depth.current <= 0) setLabel(null);
    };
    const over = (e: DragEvent) => carriesFiles(e) && e.preventDefault();
    const drop = (e: DragEvent) => {
      if (!carriesFiles(e)) return;
      e.preventDefault();
      depth.current = 0;
      setLabel(null);
      const files = [...(e.dataTransfer?.files ?? [])];
      const taker = takers.at(-1);
      if (taker) return taker.take(files);
      setWaiting(files);
      onUntaken();
    };
    const events = { dragenter: enter, dragleave: leave, dragover: over, drop } as const;
    for (const [name, listen] of Object.entries(events)) window.addEventListener(name, listen as EventListener);
    return () => {
      for (const [name, listen] of Object.entries(events)) window.removeEventListener(name, listen as EventListener);
    };
  }, [onUntaken]);
  return label === null ? null : <div className="k-drop-veil"><InboxOutlined /><strong>{label}</strong></div>;
}

export interface DropZoneProps {
  title: string;
  hint?: string;
  accept?: string;
  many?: boolean;
  onFiles: Taker;
  /** The label on the veil when files are dragged over the window. */
  veil?: string;
  small?: boolean;
}

/** A box to press or to drop on; while it is on screen, dropping anywhere means dropping here. */
export function DropZone({ title, hint, accept, many = true, onFiles, veil = '松手，交给这里', small = false }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  useDropTaker(veil, onFiles);
  return (
    <button type="button" className={small ? 'k-drop k-drop-small' : 'k-drop'} onClick={() => input.current?.click()}>
      <InboxOutlined />
      <strong>{title}</strong>
      {hint && <span>{hint}</span>}
      <input
        ref={input}
        type="file"
        hidden
        multiple={many}
        accept={accept}
        onClick={(e) => e.stopPropagation()}
        onChange={(e) => {
          const files = [...(e.target.files ?? [])];
          e.target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </button>
  );
}
