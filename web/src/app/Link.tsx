import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { navigate } from './router';

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
  replace?: boolean;
  ref?: React.Ref<HTMLAnchorElement>;
}

/** A real link: middle click, Ctrl+click and "copy address" work; a plain click stays inside the app. */
export function Link({ href, replace, onClick, ...rest }: Props) {
  function followed(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href, replace ? { replace } : {});
  }
  return <a href={href} onClick={followed} {...rest} />;
}
