import { InputNumber } from 'antd';

export interface YuanInputProps {
  /** Fen; null: not known. */
  value?: number | null;
  onChange?: (fen: number | null) => void;
  placeholder?: string;
  width?: number;
  disabled?: boolean;
}

/** Money typed in yuan and held in whole fen; fits a Form.Item. */
export function YuanInput({ value, onChange, placeholder, width = 120, disabled = false }: YuanInputProps) {
  return (
    <InputNumber<number>
      prefix="¥"
      min={0}
      precision={2}
      controls={false}
      disabled={disabled}
      style={{ width }}
      placeholder={placeholder ?? ''}
      value={value === null || value === undefined ? null : value / 100}
      onChange={(yuan) => onChange?.(yuan === null ? null : Math.round(yuan * 100))}
    />
  );
}
