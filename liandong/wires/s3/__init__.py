"""存储 s3: the door at which docks put their files, as any client of Amazon S3 does: written to, and never read.

Below `/dock-media`, path style. What a request may do is decided before its body is read:

    routes (which verb of S3)  →  door (whose key, signature, prefix)  →  signature (what was signed)
                               →  body (bytes as they come, proven)    →  the store, and `liandong.work.docks.files`

Source    Amazon S3 API reference 2006-03-01; AWS Signature Version 4 (in headers; in chunks)
"""
