import { hueStep, initials } from '../text/names';

interface Props {
  name: string;
  /** What the colour is taken from: the id, which unlike the name does not change. */
  seed: string;
  size?: 'small' | 'medium' | 'large' | 'huge';
  /** Groups have corners, people do not. */
  group?: boolean;
}

/** Decoration: the name always stands beside it. */
export function Avatar({ name, seed, size = 'medium', group = false }: Props) {
  return (
    <span className={`avatar ${size} hue-${hueStep(seed)}${group ? ' group' : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
