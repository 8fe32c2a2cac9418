import { describe, expect, test } from 'vitest';
import { linkify } from '../../src/text/linkify';

const links = (text: string) => linkify(text).filter((piece) => piece.href).map((piece) => piece.href);
const whole = (text: string) => linkify(text).map((piece) => piece.text).join('');

describe('linkify', () => {
  test('finds http and https and adds https to www', () => {
    expect(links('see http://example.org/a and https://example.com?x=1#y, or www.example.net')).toEqual([
      'http://example.org/a', 'https://example.com/?x=1#y', 'https://www.example.net/',
    ]);
  });
  test('leaves punctuation that ends a sentence outside', () => {
    expect(linkify('Is it https://example.org/a?')).toEqual([
      { text: 'Is it ' }, { text: 'https://example.org/a', href: 'https://example.org/a' }, { text: '?' },
    ]);
    expect(links('(https://example.org/a).')).toEqual(['https://example.org/a']);
  });
  test('keeps brackets that were opened inside the address', () => {
    expect(links('https://en.example.org/wiki/Camel_(animal)')).toEqual(['https://en.example.org/wiki/Camel_(animal)']);
  });
  test.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://example.org', 'file:///etc/passwd', 'xhttp://example.org', 'mail@www.example.org', 'https://', 'http://a'])(
    'makes no link of %s', (text) => expect(links(text)).toEqual([]));
  test('makes no link of an address that hides its host behind a user name', () => {
    expect(links('https://bank.example@evil.example/')).toEqual([]);
  });
  test('loses no character of any text', () => {
    for (const text of ['', 'plain', 'a https://x.example/, b\nhttps://y.example', '👍 www.example.org 👍', '<b>https://x.example/<i>']) expect(whole(text)).toBe(text);
  });
  test('takes its time linearly', () => {
    const started = performance.now();
    linkify('https://example.org/'.padEnd(4000, ')'));
    linkify('http://'.repeat(570));
    expect(performance.now() - started).toBeLessThan(200);
  });
});
