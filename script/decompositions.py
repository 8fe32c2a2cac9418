#!/usr/bin/env python3
# Prints Sources/ChatDomain/Text/CanonicalDecompositions.swift: the canonical decompositions of Unicode, which the Swift standard library has and
# does not show. Unicode promises never to change them. Hangul syllables follow a rule and are left out.
import unicodedata

pairs = []
for code in range(0x110000):
    mapping = unicodedata.decomposition(chr(code))
    if mapping and not mapping.startswith("<"):
        pairs.append(f"{code:x}={'+'.join(format(int(part, 16), 'x') for part in mapping.split())}")

print("// Made by script/decompositions.py.\n")
print("extension CanonicalForm {")
print("  /// Scalars and what they are made of, one step: of one or two others, in hexadecimal digits.")
print('  static let pairs: StaticString = """')
line = "   "
for pair in pairs:
    if len(line) + 1 + len(pair) > 117:
        print(line + " \\")
        line = "   "
    line += " " + pair
print(line)
print('    """')
print("}")
