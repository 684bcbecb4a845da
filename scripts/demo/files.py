# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Bodies of the demo files: small, valid, and the same for the same name and seed."""

import io
import random
import struct
import zipfile
import zlib


def pdf(rnd, size):
    """Make one page, padded by a comment."""
    text = b"BT /F1 18 Tf 72 720 Td (Demonstration paper) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    out.write(b"%" + rnd.randbytes(max(size - out.tell() - 300, 1) // 2).hex().encode() + b"\n")
    start = out.tell()
    out.write(
        b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    )
    out.write(b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def png(rnd, size):
    """Make a picture of coloured stripes."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    width = 160
    rows = max(size // (width * 3), 8)
    pixels = b"".join(b"\0" + rnd.randbytes(width * 3) for _ in range(rows))
    header = struct.pack(">IIBBBBB", width, rows, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(pixels, 1))
        + chunk(b"IEND", b"")
    )


def archive(rnd, size):
    """Make a zip archive with two members of fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, body in (("README.txt", b"Two files.\n"), ("data.bin", rnd.randbytes(size))):
            zipped.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), body)
    return out.getvalue()


def lines(rnd, size):
    """Make a table of numbers."""
    numbers = rnd.choices(range(1000), k=max(size // 9, 1))
    return b"day,value\n" + b"".join(b"%04d,%03d\n" % (n, v) for n, v in enumerate(numbers))


def words(_rnd, size):
    """Make plain text."""
    text = b"Notes for the demonstration. "
    return (text * (size // len(text) + 1))[:size]


def body(name, size, seed):
    """Return the bytes of one file."""
    rnd = random.Random(f"{seed}-{name}-{size}")
    kind = name.rsplit(".", 1)[-1]
    if kind == "json":
        return (
            b'{"values": [' + b",".join(b"%d" % rnd.randrange(10) for _ in range(size // 2)) + b"]}"
        )
    makers = {
        "pdf": pdf,
        "png": png,
        "zip": archive,
        "csv": lines,
        "mp4": lambda r, s: r.randbytes(s),
    }
    return makers.get(kind, words)(rnd, size)
