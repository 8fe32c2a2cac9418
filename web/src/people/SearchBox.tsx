import { Icon } from '../ui/Icon';

interface Props {
  label: string;
  placeholder: string;
  value: string;
  onValue: (value: string) => void;
  autoFocus?: boolean;
}

export function SearchBox({ label, placeholder, value, onValue, autoFocus }: Props) {
  return (
    <div className="search-box">
      <Icon name="search" size={20} />
      <input type="search" aria-label={label} placeholder={placeholder} value={value} autoFocus={autoFocus}
        onChange={(event) => onValue(event.target.value)} autoComplete="off" autoCapitalize="none" spellCheck={false} enterKeyHint="search" />
    </div>
  );
}
