"""The proof itself, without server or database: bytes in, findings out.

What it needs is RFC 8785 (canonical JSON), FIPS 180-4 (SHA-256), RFC 8032 (Ed25519) and APPNOTE.TXT 6.3 (ZIP).
apps/public/verify is a second implementation of the same rules; tests/oversight/records holds both to one answer.
"""
